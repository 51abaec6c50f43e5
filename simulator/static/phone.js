// One phone: draws what it shows and turns what a person does into calls of the control plane.

import { chosen, word } from "./words.js";

const EXTRAS = ["voice", "image", "location", "sticker"];
const APPS = { telegram: "Telegram", telegram_group: "Telegram", zalo_oa: "Zalo", zalo_bot: "Zalo Bot" };
const LINK = /(https?:\/\/[^\s]+)/g;

/** Post to the control plane; throws with its sentence when it says no. */
export async function post(path, body = {}) {
  const answer = await fetch(path, { method: "POST", body: JSON.stringify(body) });
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.error);
  return result;
}

/** Hours and minutes in Viet Nam. */
export function hours(at) {
  return new Date(at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
}

function day(at) {
  const options = { weekday: "long", day: "numeric", month: "numeric", timeZone: "Asia/Ho_Chi_Minh" };
  return new Date(at).toLocaleDateString(chosen() === "vi" ? "vi-VN" : "en-GB", options);
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

export class Phone {
  constructor(state, report) {
    this.report = report;
    this.root = document.querySelector("#phone").content.firstElementChild.cloneNode(true);
    this.chat = this.root.querySelector(".chat");
    this.drawn = new Map();
    this.atEnd = true;
    this.chat.addEventListener("scroll", () => { this.atEnd = this.isAtEnd(); });
    new ResizeObserver(() => this.keepEnd()).observe(this.chat);
    this.root.dataset.channel = state.channel;
    this.root.querySelector(".composer").addEventListener("submit", (event) => this.submit(event));
    this.buildExtras();
    this.draw(state);
  }

  buildExtras() {
    const acts = this.root.dataset.channel === "telegram_group" ? [] : EXTRAS;
    this.extras = acts.map((act) => {
      const button = element("button");
      button.type = "button";
      button.append(icon(act));
      button.addEventListener("click", () => this.act(act));
      button.dataset.act = act;
      return button;
    });
    this.root.querySelector(".extras").append(...this.extras);
  }

  /** Show a new state of the phone; keeps what is being typed, and the place in the chat unless it was the end. */
  draw(state) {
    this.state = state;
    this.label();
    this.drawLock();
    this.drawMenu();
    this.drawMessages();
  }

  label() {
    const name = this.state.shown_as;
    const owner = word(this.state.channel === "telegram_group" ? "group" : "owner", name);
    this.root.querySelector("h2").replaceChildren(this.state.talks_to);
    if (this.state.channel === "zalo_oa") this.root.querySelector("h2").append(icon("tick"));
    if (this.state.channel === "zalo_bot") this.root.querySelector("h2").append(element("span", "badge", "Bot"));
    const input = this.root.querySelector("input");
    input.id = `text-${this.state.name}`;
    input.placeholder = word("write");
    const label = this.root.querySelector("label");
    label.htmlFor = input.id;
    label.textContent = word("writeTo", name);
    this.root.setAttribute("aria-label", `${owner} · ${APPS[this.state.channel]}`);
    this.root.querySelector(".owner").textContent = owner;
    this.root.querySelector(".send").setAttribute("aria-label", word("send"));
    this.root.querySelector("summary").setAttribute("aria-label", word("more"));
    this.chat.setAttribute("aria-label", word("chat", name));
    for (const button of this.extras) {
      button.title = word(button.dataset.act);
      button.setAttribute("aria-label", word(button.dataset.act));
    }
  }

  drawLock() {
    const preview = this.state.lock_screen;
    const card = this.root.querySelector(".card");
    card.classList.toggle("none", !preview);
    this.root.querySelector(".preview").textContent = preview || word("quiet");
    card.title = word("locked");
  }

  drawMenu() {
    this.root.querySelector(".more").hidden = this.state.channel === "telegram_group";
    if (this.state.channel === "telegram_group") return;
    const telegram = this.state.channel === "telegram";
    const acts = telegram
      ? ["follow", this.state.blocked ? "unblock" : "block"]
      : [this.state.follows ? "unfollow" : "follow", this.state.blocked ? "unblock" : "block"];
    const buttons = acts.map((act) => {
      const label = act === "follow" ? word("follow")[this.state.channel] : word(act);
      const button = element("button", "", label);
      button.type = "button";
      button.addEventListener("click", () => {
        this.root.querySelector(".more").open = false;
        this.act(act);
      });
      return button;
    });
    this.root.querySelector(".menu").replaceChildren(...buttons);
  }

  drawMessages() {
    const wanted = new Map();
    let before = "";
    for (const message of this.state.messages) {
      const today = day(message.at);
      if (today !== before) wanted.set(`day ${today}`, { day: today });
      before = today;
      wanted.set(message.id, message);
    }
    this.sync(wanted);
    this.root.classList.toggle("empty", wanted.size === 0);
    this.chat.dataset.empty = word("empty");
    this.keepEnd();
  }

  isAtEnd() {
    return this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight < 60;
  }

  keepEnd() {
    if (this.atEnd) this.chat.scrollTop = this.chat.scrollHeight;
  }

  /** Add, change and remove bubbles, touching only what differs, so that a screen reader hears only news. */
  sync(wanted) {
    for (const [id, { node }] of this.drawn) {
      if (!wanted.has(id)) {
        node.remove();
        this.drawn.delete(id);
      }
    }
    let previous = null;
    for (const [id, message] of wanted) {
      const shape = JSON.stringify(message) + chosen();
      const old = this.drawn.get(id);
      const node = old?.shape === shape ? old.node : message.day ? element("p", "day", message.day) : this.bubble(message);
      if (old && old.node !== node) old.node.replaceWith(node);
      else if (!old) previous ? previous.after(node) : this.chat.prepend(node);
      this.drawn.set(id, { node, shape });
      previous = node;
    }
  }

  bubble(message) {
    const mine = message.from === "user";
    const box = element("article", mine ? "message mine" : "message theirs");
    const bubble = element("div", "bubble");
    if (message.media) bubble.append(this.media(message.media));
    if (message.text) bubble.append(this.text(message.text));
    bubble.append(element("time", "", hours(message.at)));
    box.append(bubble);
    if (message.choices.length) box.append(this.keyboard(message));
    return box;
  }

  text(text) {
    const paragraph = element("p");
    for (const part of text.split(LINK)) {
      if (!part.match(LINK)) {
        paragraph.append(part);
        continue;
      }
      const link = element("a", "", part);
      link.href = part;
      link.rel = "noreferrer noopener";
      link.target = "_blank";
      paragraph.append(link);
    }
    return paragraph;
  }

  media(media) {
    const name = word("kinds")[media.kind] ?? media.kind;
    const source = media.file || (media.url.startsWith("/") || media.url.startsWith(location.origin) ? media.url : "");
    if (["image", "photo", "gif"].includes(media.kind) && source) {
      const image = element("img");
      image.src = source;
      image.alt = name;
      return image;
    }
    if (["voice", "audio"].includes(media.kind) && source) {
      const audio = element("audio");
      audio.controls = true;
      audio.preload = "none";
      audio.src = source;
      audio.setAttribute("aria-label", name);
      return audio;
    }
    return element("p", `media ${media.kind}`, [name, media.name || media.url].filter(Boolean).join(" · "));
  }

  keyboard(message) {
    const keys = element("div", "keys");
    message.choices.forEach((label, index) => {
      const key = element("button", message.styles[index] ?? "", label);
      key.type = "button";
      key.addEventListener("click", () => this.act("press", { choice: index + 1, message_id: message.id }));
      keys.append(key);
    });
    return keys;
  }

  async submit(event) {
    event.preventDefault();
    const input = this.root.querySelector("input");
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    this.atEnd = true;
    this.keepEnd();
    if (!(await this.act("say", { text }))) input.value = text;
  }

  async act(name, body = {}) {
    const { channel, user, account } = this.state;
    try {
      await post(`/__sim/${channel}/${encodeURIComponent(user)}/${name}?account=${account}`, body);
      return true;
    } catch (error) {
      this.report(`${word("failed")}: ${error.message}`);
      return false;
    }
  }
}
