// The desk: lanes that change row by row, and what stands beside them, without another page.
(() => {
  "use strict";
  const find = (id) => document.getElementById(id);
  const NARROW = matchMedia("(max-width: 47.5rem)");

  // Lanes. Rows are put in by their ids; one that is under the pointer or has the focus stays the same element.
  function put(html) {
    const came = new DOMParser().parseFromString(html, "text/html").querySelector("[data-order]");
    if (!came || !find("queue")) return;
    const more = JSON.parse(came.dataset.more);
    const fresh = new Map([...came.children].map((row) => [row.id, row]));
    for (const [lane, ids] of Object.entries(JSON.parse(came.dataset.order))) {
      const list = document.querySelector(`[data-lane="${lane}"]`);
      if (list) arrange(list, ids.map((id) => `case-${id}`), fresh, more);
    }
    mark();
    document.dispatchEvent(new CustomEvent("live:changed"));
  }

  function arrange(list, ids, fresh, more) {
    for (const row of [...list.children]) if (!ids.includes(row.id)) row.remove();
    ids.forEach((id, at) => {
      const old = find(id);
      const row = fresh.get(id) ?? old;
      if (!row) return;
      if (old && old !== row) old.replaceWith(row);
      if (list.children[at] !== row) list.insertBefore(row, list.children[at] ?? null);
    });
    const count = list.closest(".lane").querySelector("b");
    if (count) count.textContent = String(ids.length + (more[list.dataset.lane] ?? 0));
  }
  document.addEventListener("live:lanes", ({ detail }) => put(detail));

  function mark() {
    const open = find("pane")?.dataset.case;
    for (const row of document.querySelectorAll(".case")) {
      const link = row.querySelector("a[data-pane]");
      if (row.id === `case-${open}`) link?.setAttribute("aria-current", "page");
      else link?.removeAttribute("aria-current");
    }
  }

  // Opening a case: its pane comes alone, the lanes stay as they are.
  let asked = 0;

  async function open(address, options = {}, remember = true) {
    const mine = asked += 1;
    await window.composer?.settle();
    let answer;
    try {
      answer = await fetch(address, { ...options, headers: { "x-pane": "1" } });
    } catch {
      find("lost").hidden = false;
      return false;
    }
    const html = await answer.text();
    if (mine !== asked) return true;
    const page = new DOMParser().parseFromString(html, "text/html");
    const pane = page.getElementById("pane");
    if (!answer.ok || !pane) return refuse(page, answer);
    if (remember) history.pushState({ pane: true }, "", answer.url);
    show(pane);
    return true;
  }

  // What was typed while the pane was on its way goes over into it, or is kept as the draft of the case that is left.
  function show(pane) {
    const box = find("pane").dataset.case === pane.dataset.case ? find("text") : null;
    const typed = box?.value;
    const caret = box && document.activeElement === box ? [box.selectionStart, box.selectionEnd] : null;
    if (!typed) window.composer?.keep();
    find("pane").replaceWith(pane);
    htmx.process(pane);
    document.body.className = `at-desk at-${pane.dataset.here}`;
    document.dispatchEvent(new CustomEvent("live:topics", { detail: pane.dataset.topics }));
    document.dispatchEvent(new CustomEvent("desk:opened", { detail: `${pane.dataset.title} · Nhịp Cầu` }));
    if (typed?.trim() && find("text")) {
      find("text").value = typed;
      find("text").dispatchEvent(new Event("input", { bubbles: true }));
    }
    mark();
    if (caret && find("text")) resume(caret);
    else if (!enter()) find("alias")?.focus();
  }

  // Who was writing goes on where the caret stood, on a phone too.
  function resume(caret) {
    find("text").focus();
    find("text").setSelectionRange(...caret);
  }

  // What cannot be done is said beside the lanes, which go on; a page that is no part of the desk is opened as it is.
  function refuse(page, answer) {
    const said = page.querySelector("[data-refusal], .wrong, main h1");
    if (!said || answer.status === 401) {
      location.assign(answer.url);
      return true;
    }
    const toast = find("toast");
    toast.firstElementChild.replaceChildren(...("refusal" in said.dataset ? said.childNodes : [said.textContent]));
    toast.hidden = false;
    return true;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-pane]");
    const row = event.target.closest(".case");
    if (event.target.closest("[data-toast-end], #toast a")) find("toast").hidden = true;
    if (event.target.closest(".facts-door")) fold();
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    const to = link ?? (row && !event.target.closest("button, form, a, summary") ? row.querySelector("a[data-pane]") : null);
    if (!to) return;
    event.preventDefault();
    open(to.href);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.classList.contains("take") || !find("pane")) return;
    event.preventDefault();
    open(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  });
  addEventListener("popstate", () => open(location.href, {}, false));

  // On a narrow screen the facts are a sheet over the thread.
  function fold() {
    const door = document.querySelector(".facts-door");
    const shown = find("pane").classList.toggle("facts-open");
    door.setAttribute("aria-expanded", String(shown));
    if (shown) find("about").querySelector("summary, button, a, h2")?.focus();
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && find("pane")?.classList.contains("facts-open")) fold();
  });

  // Where there is room beside a keyboard she writes at once, behind what her draft holds.
  function enter() {
    const box = find("text");
    if (!box || NARROW.matches) return false;
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
    return true;
  }

  mark();
  if (document.activeElement === document.body && !document.querySelector("main [autofocus]")) enter();
})();
