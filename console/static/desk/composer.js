// The composer: answers leave one after the other, and nothing that is typed is ever replaced by what comes back.
(() => {
  "use strict";
  const RETRY_MS = 3000;
  const PATIENCE_MS = 30000;
  const FILE_PATIENCE_MS = 300000;
  const DRAFT_MS = 800;
  const LEAVING_MS = 4000;
  const CASE_PARTS = "<!-- the case -->";
  let readings = 0; // how often the stream has brought the case
  const leaving = []; // taken out of the box, in order; the first is on its way until the server has answered
  let busy = false;
  let retry = 0;
  let stray = ""; // what was typed in a box that is no more

  const find = (id) => document.getElementById(id);
  const answers = () => leaving.filter((one) => one.sends);
  const joined = () => {
    const typed = find("text")?.value ?? stray;
    return [...answers().map((one) => one.text), typed].filter((text) => text.trim()).join("\n");
  };

  // The native chooser lies under a button of ours, which says what was chosen.
  function nameFile() {
    const box = find("file");
    if (!box) return;
    const name = document.querySelector(".attach .name");
    name.textContent = box.files[0]?.name ?? name.dataset.none;
    find("unattach").hidden = !box.files.length;
  }

  function emptyFile() {
    const box = find("file");
    if (box) box.value = "";
    nameFile();
  }
  document.addEventListener("change", (event) => { if (event.target.id === "file") nameFile(); });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#unattach")) return;
    emptyFile();
    find("file").focus();
  });

  function newKey() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // What is on its way stands at the end of the talk until its real line does; that line is known by its words.
  const sequence = (line) => Number(line.id.slice("line-".length));
  const outLines = () => [...document.querySelectorAll("#lines .line.out")];
  function arrived() {
    const real = outLines();
    return new Set(answers().filter((one) => {
      const at = real.findIndex((line) => sequence(line) > one.after && said(line) === one.text.trim());
      if (at >= 0) real.splice(at, 1);
      return at >= 0;
    }));
  }
  const said = (line) => (line.querySelector(".said")?.textContent ?? "").trim();

  function show() {
    const lines = find("lines");
    const there = arrived();
    const waiting = answers().filter((one) => !there.has(one));
    const pending = find("pending") ?? Object.assign(document.createElement("div"), { id: "pending", ariaLive: "off" });
    pending.replaceChildren(...waiting.map((one) => {
      const shown = document.createElement("p");
      const status = document.createElement("small");
      shown.className = "said";
      shown.textContent = one.text;
      status.textContent = find("composer")?.dataset.sending ?? "";
      shown.append(status);
      return shown;
    }));
    if (!lines || !waiting.length) return pending.remove();
    if (lines.lastElementChild === pending) return;
    lines.append(pending);
    lines.scrollTop = lines.scrollHeight;
  }

  // Words that did not leave stand in the box again, before whatever was typed since; without a box they are shown.
  function giveBack(text) {
    const box = find("text");
    if (box) {
      box.value = text;
      return;
    }
    const composer = find("composer");
    const shown = composer.querySelector(".draft") ?? document.createElement("blockquote");
    shown.className = "draft";
    shown.textContent = text;
    composer.prepend(shown);
  }

  function send(form, submitter) {
    const data = new FormData(form);
    if (submitter?.name) data.append(submitter.name, submitter.value);
    const one = { data, form, sends: !submitter?.name, text: data.get("text"), key: data.get("request_key") };
    one.after = Math.max(0, ...outLines().map(sequence));
    const bare = !one.text.trim() && !data.get("attached") && !data.get("file")?.size;
    if (one.sends && bare && leaving.length) return; // a second click on what has just left
    if (one.sends) {
      find("text").value = "";
      form.elements.request_key.value = newKey();
      find("shown").replaceChildren();
      if (data.get("attached")) find("chosen").replaceChildren();
      else emptyFile();
    }
    leaving.push(one);
    show();
    if (one.sends) find("pending")?.scrollIntoView({ block: "end" });
    pump();
  }

  async function pump() {
    if (busy || !leaving.length) return;
    busy = true;
    clearTimeout(retry);
    const one = leaving[0];
    const before = readings;
    try {
      const signal = AbortSignal.timeout?.(one.data.get("file")?.size ? FILE_PATIENCE_MS : PATIENCE_MS);
      const options = { method: "POST", body: one.data, headers: { "hx-request": "true" }, signal };
      const answer = await fetch(one.form.action, options);
      if (answer.status >= 500) throw new Error("not now");
      if (answer.status === 401) location.assign(answer.headers.get("hx-redirect") ?? location.href);
      else await take(one, answer, readings !== before);
    } catch {
      find("lost").hidden = false;
      retry = setTimeout(pump, RETRY_MS); // the same key again: it is one answer, however often it is sent
    }
    busy = false;
    if (!leaving.length) document.dispatchEvent(new Event("settled"));
    else if (leaving[0] !== one) pump();
  }

  // The case as it was when the answer left is put in only where the stream has not brought it since: what she wrote
  // in between would vanish again. Our own line is news to the stream too, and comes with it.
  async function take(one, answer, overtaken) {
    const parts = (await answer.text()).split(CASE_PARTS);
    const html = overtaken ? parts[0] : parts.join("");
    const ours = answer.ok || answer.status === 422;
    if (ours) await htmx.swap({ text: html, sourceElement: document.body, swap: "none", transition: false });
    else refuse(html);
    if (!one.sends) emptyFile(); // it is at the server now, and stands among what was chosen
    const returned = find("returned");
    if (one.sends && (answer.status !== 200 || returned?.hasChildNodes())) {
      const all = joined();
      leaving.length = 0;
      giveBack(all);
    } else {
      leaving.shift();
    }
    returned?.replaceChildren();
    show();
    if (find("shown")?.childElementCount) find("composer").scrollTop = find("composer").scrollHeight;
    saved = joined() ? "" : JSON.stringify(pieces()); // with the answer the server has dropped the draft
    save();
  }

  function refuse(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const said = document.createElement("p");
    said.className = "wrong";
    said.setAttribute("role", "alert");
    said.textContent = page.querySelector("h1")?.textContent ?? page.body.textContent;
    find("trouble")?.replaceChildren(said);
  }

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "answer") return;
    event.preventDefault();
    send(event.target, event.submitter);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.target.id !== "text") return;
    if (!event.repeat) event.target.form.requestSubmit();
  });

  // A line at hand goes where the cursor is; nothing that stands there is taken away.
  let entered = null;
  document.addEventListener("focusin", (event) => { if (event.target.id === "text") entered = event.target; });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    const box = find("text");
    if (!button || !box) return;
    const at = entered === box ? box.selectionEnd : box.value.length;
    const before = /\S$/.test(box.value.slice(0, at)) ? "\n" : "";
    const after = /^\S/.test(box.value.slice(at)) ? "\n" : "";
    box.setRangeText(before + button.dataset.fill + after, at, at, "end");
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // The draft: sealed at the server, never kept in the browser. One request at a time, so that none overtakes another.
  const pieces = () => {
    const form = find("answer");
    return form ? [...answers().map((one) => [one.text, one.key]), [find("text").value, form.elements.request_key.value]] : [];
  };
  let saved = JSON.stringify(pieces());
  let saving = null;
  let pause = 0;

  async function save(keepalive = false) {
    clearTimeout(pause);
    while (saving && !keepalive) await saving;
    const now = pieces();
    const mark = JSON.stringify(now);
    if (!now.length || mark === saved) return;
    const body = new URLSearchParams(now.flatMap(([text, key]) => [["text", text], ["request_key", key]]));
    const options = { method: "POST", body, headers: { "hx-request": "true" }, keepalive };
    saving = fetch(find("answer").dataset.draft, options).then((kept) => { if (kept.ok) saved = mark; }, () => {
      pause = setTimeout(save, RETRY_MS);
    });
    await saving;
    saving = null;
  }

  document.addEventListener("input", (event) => {
    if (event.target.id !== "text") return;
    clearTimeout(pause);
    pause = setTimeout(save, DRAFT_MS);
  });
  document.addEventListener("live:changed", show);
  document.addEventListener("live:read", () => { readings += 1; });
  document.addEventListener("reconnected", () => { save(); pump(); });

  // Another form of the page waits until the answers have left and the draft is kept.
  let released = null;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id === "answer" || form === released || event.defaultPrevented) return;
    if (!leaving.length && JSON.stringify(pieces()) === saved && !saving) return;
    event.preventDefault();
    const { submitter } = event;
    const late = new Promise((resolve) => setTimeout(resolve, LEAVING_MS));
    Promise.race([late, settled().then(() => save())]).then(() => {
      released = form;
      form.requestSubmit(submitter);
      released = null;
    });
  });
  const settled = () => new Promise((resolve) => {
    if (leaving.length) document.addEventListener("settled", resolve, { once: true });
    else resolve();
  });

  // Another case is opened in this page: what is on its way and what is typed goes first.
  window.composer = {
    settle: () => Promise.race([new Promise((done) => setTimeout(done, LEAVING_MS)), settled().then(() => save())]),
    keep: () => save(true),
  };
  document.addEventListener("desk:opened", () => {
    readings = 0;
    stray = "";
    saved = JSON.stringify(pieces());
  });

  let submitted = null;
  document.addEventListener("submit", (event) => { if (!event.defaultPrevented) submitted = event.target; });
  addEventListener("beforeunload", (event) => {
    save(true);
    const note = find("note");
    if (leaving.length || (note?.value.trim() && note.form !== submitted)) event.preventDefault();
  });
  addEventListener("pagehide", () => save(true));

  // When the composer as a whole is another (taken, handed on, closed), what was typed goes over into it.
  let replaced = false;
  document.addEventListener("htmx:before:swap", (event) => {
    replaced = event.detail.tasks.some((task) => task.target?.id === "composer");
    if (replaced) stray = find("text")?.value ?? stray;
  });
  document.addEventListener("htmx:after:swap", () => {
    const box = find("text");
    if (replaced && box && (stray.trim() || leaving.length)) box.value = stray;
    else if (replaced && !box && !leaving.length && joined()) giveBack(joined());
    if (replaced && box) stray = "";
    replaced = false;
    show();
  });
})();
