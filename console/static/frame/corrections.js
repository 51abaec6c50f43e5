// Forms that change a case while its page stays: sent in place, answered in place; the live stream brings what changed.
(() => {
  "use strict";

  function say(form, html) {
    const answer = new DOMParser().parseFromString(html, "text/html");
    const said = document.createElement("p");
    said.className = "wrong";
    said.setAttribute("role", "alert");
    said.textContent = (answer.querySelector(".wrong") ?? answer.querySelector("h1") ?? answer.body).textContent.trim();
    form.querySelector(".wrong")?.remove();
    form.prepend(said);
  }

  async function send(form, submitter) {
    const data = new URLSearchParams(new FormData(form, submitter));
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { "hx-request": "true" } });
      if (answer.status === 401) return location.assign(answer.headers.get("hx-redirect") ?? location.href);
      if (!answer.ok) return say(form, await answer.text());
      form.querySelector(".wrong")?.remove();
      if (panel()?.contains(form)) shut();
      else form.reset();
      const around = form.closest("details");
      if (around) {
        around.open = false;
        around.querySelector("summary").focus();
      }
      if (!document.getElementById("lost").hidden) location.reload(); // no stream brings the change
    } catch {
      document.getElementById("lost").hidden = false;
    } finally {
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    }
  }

  // The form of one fact stands above the facts until it is kept or left; what is shown around it goes on changing.
  const panel = () => document.getElementById("edit-fact");
  let asked = "";

  function shut() {
    panel().replaceChildren();
    panel().hidden = true;
    document.getElementById(asked)?.focus();
  }

  async function edit(link) {
    const answer = await fetch(link.href, { headers: { "hx-request": "true" } }).catch(() => null);
    if (!answer?.ok) return location.assign(link.href);
    asked = link.id;
    panel().innerHTML = await answer.text();
    panel().hidden = false;
    panel().querySelector("input:not([type=hidden]):checked, select, input:not([type=hidden])").focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-edit], [data-leave]");
    if (!link || !panel() || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if ("edit" in link.dataset) edit(link);
    else shut();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel()?.contains(document.activeElement)) shut();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("stays" in form.dataset)) return;
    event.preventDefault();
    send(form, event.submitter);
  }, true);

  // A take can be undone for some seconds; then the offer goes, and what is typed stays.
  function countDown(form) {
    const end = Date.now() + Number(form.dataset.seconds) * 1000;
    const tick = setInterval(() => {
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left > 0 && form.isConnected) form.querySelector(".left").textContent = String(left);
      else {
        clearInterval(tick);
        if (form.contains(document.activeElement)) document.getElementById("text")?.focus();
        form.remove();
      }
    }, 250);
  }
  const counting = new WeakSet();
  const offers = () => {
    const form = document.getElementById("undo-take");
    if (!form || counting.has(form)) return;
    counting.add(form);
    countDown(form);
  };
  offers();
  for (const name of ["live:changed", "desk:opened"]) document.addEventListener(name, offers);
})();
