// The page: keeps the phones as the world has them, and the controls above them.

import { Phone, hours, post } from "./phone.js";
import { toggle, translate, word } from "./words.js";

const WELCOME = [["zalo_oa", "lan"], ["telegram", "mai"], ["zalo_bot", "huong"]];
const shelf = document.querySelector("#phones");
const notice = document.querySelector("#notice");
const clock = document.querySelector("#clock");
const phones = new Map();
let version = -1;
let ahead = 0;
let fading = 0;

function report(text) {
  notice.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => { notice.textContent = ""; }, 6000);
}

function tick() {
  const now = new Date(Date.now() + ahead);
  const date = now.toLocaleDateString("vi-VN", { day: "2-digit", month: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
  clock.textContent = `${hours(now)} · ${date}`;
  for (const time of document.querySelectorAll(".lock-time")) time.textContent = hours(now);
}

function show(news) {
  version = news.version;
  ahead = new Date(news.now) - Date.now();
  const names = new Set(news.phones);
  for (const [name, phone] of phones) {
    if (!names.has(name)) {
      phone.root.remove();
      phones.delete(name);
    }
  }
  for (const state of news.changed) {
    if (phones.has(state.name)) {
      phones.get(state.name).draw(state);
      continue;
    }
    const phone = new Phone(state, report);
    phones.set(state.name, phone);
    shelf.append(phone.root);
  }
  tick();
}

function take(channel, slug) {
  return fetch(`/__sim/${channel}/${encodeURIComponent(slug)}/inbox`);
}

async function follow() {
  for (;;) {
    try {
      const answer = await fetch(`/__sim/live?since=${version}`);
      show(await answer.json());
      if (notice.dataset.lost) {
        delete notice.dataset.lost;
        notice.textContent = "";
      }
      if (phones.size === 0) await Promise.all(WELCOME.map(([channel, slug]) => take(channel, slug)));
    } catch {
      version = -1;
      notice.dataset.lost = "yes";
      notice.textContent = word("lost");
      await new Promise((resolve) => { setTimeout(resolve, 1000); });
    }
  }
}

document.querySelector("#add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const slug = event.target.elements.slug;
  const answer = await take(event.submitter.value, slug.value.trim());
  if (answer.ok) slug.value = "";
  else report((await answer.json()).error);
});

for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", async () => {
    const { now } = await post("/__sim/clock", { advance: Number(button.dataset.advance) });
    report(word("advanced", hours(now)));
  });
}

document.querySelector("#language").addEventListener("click", () => {
  toggle();
  for (const phone of phones.values()) phone.draw(phone.state);
});

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

translate();
setInterval(tick, 1000);
follow();
