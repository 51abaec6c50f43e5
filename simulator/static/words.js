// What the page says, in Vietnamese and English.

const WORDS = {
  vi: {
    skip: "Tới các điện thoại",
    about: "Điện thoại thử, chỉ trong máy này",
    clock: "Đồng hồ của thế giới thử",
    quarter: "+15 phút",
    hour: "+1 giờ",
    day: "+1 ngày",
    name: "Tên",
    pages: "Trang khác",
    console: "Bàn làm việc",
    language: "English",
    owner: "Máy của {0}",
    group: "Nhóm {0}",
    write: "Tin nhắn",
    writeTo: "Tin nhắn từ máy của {0}",
    send: "Gửi",
    voice: "Gửi giọng nói",
    image: "Gửi ảnh",
    location: "Gửi vị trí",
    sticker: "Gửi nhãn dán",
    more: "Việc khác",
    chat: "Cuộc trò chuyện trên máy của {0}",
    quiet: "Màn hình khoá: không có thông báo",
    locked: "Màn hình khoá",
    empty: "Chưa có tin nào. Hãy viết một lời chào.",
    follow: { zalo_oa: "Quan tâm", telegram: "Bắt đầu", zalo_bot: "Mở trò chuyện" },
    unfollow: "Bỏ quan tâm",
    block: "Chặn",
    unblock: "Bỏ chặn",
    lost: "Mất kết nối, đang thử lại…",
    failed: "Không làm được",
    advanced: "Đồng hồ đã sang {0}",
    kinds: {
      voice: "Giọng nói", audio: "Âm thanh", image: "Ảnh", photo: "Ảnh", gif: "Ảnh động",
      location: "Vị trí", sticker: "Nhãn dán", file: "Tệp", document: "Tệp",
    },
  },
  en: {
    skip: "To the phones",
    about: "Pretend phones, on this machine only",
    clock: "Clock of the pretend world",
    quarter: "+15 min",
    hour: "+1 hour",
    day: "+1 day",
    name: "Name",
    pages: "Other pages",
    console: "Console",
    language: "Tiếng Việt",
    owner: "{0}'s phone",
    group: "Group {0}",
    write: "Message",
    writeTo: "Message from {0}'s phone",
    send: "Send",
    voice: "Send a voice message",
    image: "Send a picture",
    location: "Send a place",
    sticker: "Send a sticker",
    more: "More",
    chat: "Conversation on {0}'s phone",
    quiet: "Lock screen: no notification",
    locked: "Lock screen",
    empty: "Nothing here yet. Say hello.",
    follow: { zalo_oa: "Follow", telegram: "Start", zalo_bot: "Open the chat" },
    unfollow: "Unfollow",
    block: "Block",
    unblock: "Unblock",
    lost: "Connection lost, trying again…",
    failed: "That did not work",
    advanced: "The clock now says {0}",
    kinds: {
      voice: "Voice", audio: "Sound", image: "Picture", photo: "Picture", gif: "Animation",
      location: "Place", sticker: "Sticker", file: "File", document: "File",
    },
  },
};

let language = localStorage.getItem("language") === "en" ? "en" : "vi";

/** The word under a key in the chosen language; {0} becomes `value`. */
export function word(key, value = "") {
  const found = WORDS[language][key];
  return typeof found === "string" ? found.replace("{0}", value) : found;
}

/** The chosen language, "vi" or "en". */
export function chosen() {
  return language;
}

/** Switch to the other language and rewrite what the page itself says. */
export function toggle() {
  language = language === "vi" ? "en" : "vi";
  localStorage.setItem("language", language);
  translate();
}

/** Rewrite every element that names its word. */
export function translate() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", word(element.dataset.label));
  }
  for (const element of document.querySelectorAll("[data-hint]")) element.placeholder = word(element.dataset.hint);
  const button = document.querySelector("#language");
  button.textContent = word("language");
  button.lang = language === "vi" ? "en" : "vi";
}
