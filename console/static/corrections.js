// Forms that change a case while its page stays: sent in place, answered in place; the live stream brings what changed.
(() => {
  "use strict";

  function say(form, html) {
    const answer = new DOMParser().parseFromString(html, "text/html");
    const said = document.createElement("p");
    said.className = "wrong";
    said.setAttribute("role", "alert");
    said.textContent = (answer.querySelector("main .wrong") ?? answer.querySelector("h1") ?? answer.body).textContent.trim();
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
      form.reset();
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

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("stays" in form.dataset)) return;
    event.preventDefault();
    send(form, event.submitter);
  }, true);
})();
