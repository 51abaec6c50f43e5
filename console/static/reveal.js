// Shows what was typed into hidden fields, and hides it again.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("button[data-reveal]")) {
    const fields = button.form.querySelectorAll("input[data-secret]");
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = fields[0].type === "password";
      for (const field of fields) field.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      button.textContent = shown ? button.dataset.hide : button.dataset.reveal;
    });
  }
})();
