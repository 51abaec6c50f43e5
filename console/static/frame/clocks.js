// Clocks: how long until somebody must answer, counted down in the browser, so that nothing is sent for it.
(() => {
  "use strict";
  const TICK_MS = 1000;
  const HOUR_S = 3600;
  const words = document.body.dataset;
  const two = (number) => String(number).padStart(2, "0");

  function said(clock, now) {
    const left = Math.round((Date.parse(clock.dateTime) - now) / 1000);
    const late = left < 0;
    clock.classList.toggle("late", late);
    if (late) {
      const minutes = Math.floor(-left / 60);
      return words.late.replace("%s", minutes < 60 ? `${minutes}′` : `${Math.floor(minutes / 60)}h`);
    }
    if (left >= HOUR_S) return `${Math.floor(left / HOUR_S)}h${two(Math.floor((left % HOUR_S) / 60))}`;
    return `${two(Math.floor(left / 60))}:${two(left % 60)}`;
  }

  // The clock of the house, not of this computer: it may be wrong by hours.
  let ahead = Date.now() - Number(words.now) * 1000;

  function tick() {
    const now = Date.now() - ahead;
    for (const clock of document.querySelectorAll("time.due")) {
      const text = said(clock, now);
      if (clock.textContent !== text) clock.textContent = text;
      clock.closest(".case")?.classList.toggle("is-late", clock.classList.contains("late"));
    }
  }
  tick();
  setInterval(tick, TICK_MS);
  document.addEventListener("live:sign", ({ detail }) => { if (detail) ahead = Date.now() - Number(detail) * 1000; });
  document.addEventListener("live:changed", tick);
  document.addEventListener("desk:opened", tick);
})();
