// Lines at hand: "/" at the beginning of a line, or the button, opens a list that is searched; nothing typed is lost.
(() => {
  "use strict";
  const find = (id) => document.getElementById(id);
  const door = () => document.querySelector(".at-hand");
  const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

  function made(name, attributes = {}, ...inside) {
    const one = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    one.append(...inside);
    return one;
  }

  function options() {
    return [...door().querySelectorAll("ul [data-fill]")].map((line, at) => made(
      "li",
      { role: "option", id: `canned-${at}`, "data-fill": line.dataset.fill, "data-said": bare(line.textContent) },
      ...[...line.cloneNode(true).childNodes],
    ));
  }

  function open() {
    if (!door() || find("canned")) return;
    const { search, none } = door().dataset;
    const list = made("ul", { role: "listbox", id: "canned-list", "aria-label": search }, ...options());
    const box = made("input", {
      id: "canned-search", type: "text", role: "combobox", autocomplete: "off", "aria-label": search, placeholder: search,
      "aria-expanded": "true", "aria-autocomplete": "list", "aria-controls": "canned-list",
    });
    const panel = made("div", { id: "canned", class: "canned" }, box, list, made("p", { class: "hint", role: "status" }));
    panel.dataset.none = none;
    panel.style.bottom = `${find("composer").offsetHeight}px`;
    find("composer").before(panel);
    filter();
    box.focus();
  }

  function close() {
    const text = find("text");
    find("canned")?.remove();
    text?.focus();
  }

  const shown = () => [...find("canned-list").children].filter((one) => !one.hidden);

  function choose(one) {
    for (const other of find("canned-list").children) other.setAttribute("aria-selected", String(other === one));
    if (one) find("canned-search").setAttribute("aria-activedescendant", one.id);
    else find("canned-search").removeAttribute("aria-activedescendant");
    one?.scrollIntoView({ block: "nearest" });
  }

  function filter() {
    const words = bare(find("canned-search").value).split(/\s+/).filter(Boolean);
    for (const one of find("canned-list").children) one.hidden = !words.every((word) => one.dataset.said.includes(word));
    choose(shown()[0]);
    find("canned").lastElementChild.textContent = shown().length ? "" : find("canned").dataset.none;
    find("canned-list").hidden = !shown().length;
  }

  function step(by) {
    const all = shown();
    const now = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    choose(all[(now + by + all.length) % all.length]);
  }

  // "/" twice is a stroke.
  function stroke() {
    close();
    const text = find("text");
    text.setRangeText("/", text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("beforeinput", (event) => {
    const box = event.target;
    if (box.id === "canned-search" && event.data === "/" && !box.value) {
      event.preventDefault();
      stroke();
    }
    if (box.id !== "text" || event.data !== "/" || event.isComposing || box.selectionStart !== box.selectionEnd) return;
    if (!door() || !/(^|\n)$/.test(box.value.slice(0, box.selectionStart))) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("input", (event) => { if (event.target.id === "canned-search") filter(); });
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "canned-search" || event.isComposing) return;
    const does = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      Enter: () => find("canned-list").querySelector("[aria-selected=true]")?.click(),
      Escape: close,
    }[event.key];
    if (!does) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  });
  document.addEventListener("click", (event) => {
    const summary = event.target.closest(".at-hand > summary");
    if (summary) event.preventDefault();
    if (summary && find("canned")) close();
    else if (summary) open();
    else if (find("canned") && (event.target.closest("#canned [data-fill]") || !event.target.closest("#canned"))) {
      find("canned").remove(); // the line itself is put in by the composer
    }
  });
  document.addEventListener("mousedown", (event) => { if (event.target.closest("#canned-list")) event.preventDefault(); });
  document.addEventListener("focusout", (event) => {
    if (event.target.id === "canned-search" && event.relatedTarget && !event.relatedTarget.closest("#canned")) find("canned")?.remove();
  });
})();
