// That somebody is writing is said to colleagues who have the same case open: never what, and to nobody else.
(() => {
  "use strict";
  const SAID_EVERY_MS = 3000;
  let said = 0;
  document.addEventListener("input", (event) => {
    const address = document.getElementById("presence")?.dataset.writing;
    if (event.target.id !== "text" || !address || Date.now() - said < SAID_EVERY_MS) return;
    said = Date.now();
    fetch(address, { method: "POST", headers: { "hx-request": "true" } }).catch(() => {});
  });
})();
