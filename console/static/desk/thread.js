// The thread of the open case: it follows at its end, says above it what has come, and opens a place when asked.
(() => {
  "use strict";
  const find = (id) => document.getElementById(id);
  const NEAR_PX = 80;
  let atEnd = true;
  let fresh = 0;

  const toEnd = () => { const box = find("lines"); if (box) box.scrollTop = box.scrollHeight; };

  // What has come below what she reads is a number on a button; at the end there is none.
  function hint() {
    const button = find("new-lines");
    if (!button) return;
    if (atEnd) fresh = 0;
    button.hidden = !fresh;
    button.firstElementChild.textContent = (fresh === 1 ? button.dataset.one : button.dataset.many).replace("0", fresh);
  }
  document.addEventListener("scroll", ({ target }) => {
    if (target.id !== "lines") return;
    atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < NEAR_PX;
    hint();
  }, true);
  document.addEventListener("live:changed", () => {
    if (atEnd) toEnd();
    hint();
  });
  document.addEventListener("desk:opened", start);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#new-lines")) return;
    start();
    find("lines").focus();
  });

  function start() {
    atEnd = true;
    toEnd();
    hint();
  }

  // Lines of the open case, each put in by its number: one that an answer has brought already is not there twice.
  // A day stands before its first line.
  const sequence = (line) => parseInt(line.id.slice("line-".length), 10) - (line.classList.contains("day") ? 0.5 : 0);
  function putLines(html) {
    const box = find("lines");
    if (!box || !html.includes("data-lines=")) return;
    const came = new DOMParser().parseFromString(html, "text/html").querySelector("[data-lines]");
    if (!came || came.dataset.lines !== find("pane")?.dataset.case) return;
    for (const line of [...came.children]) {
      const old = find(line.id);
      if (old?.open) line.open = true;
      for (const open of old?.querySelectorAll("details[open]") ?? []) line.querySelector(`#${open.id}`)?.setAttribute("open", "");
      if (old?.isEqualNode(line)) continue;
      if (old) old.replaceWith(line);
      else {
        box.insertBefore(line, [...box.children].find((other) => sequence(other) > sequence(line)) ?? null);
        if (!atEnd && line.classList.contains("in")) fresh += 1;
      }
    }
  }
  document.addEventListener("live:parts", ({ detail }) => putLines(detail));

  // A place is asked for where it stands; without an answer its page is opened.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-place]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const answer = await fetch(link.href, { headers: { "hx-request": "true" }, cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return location.assign(link.href);
    const shown = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".place-read");
    link.parentElement.replaceWith(shown);
    shown.focus();
  });

  start();
})();
