// What the server cannot do alone: sound, the number in the title, clocks, a warning when the line is dead.
(() => {
  "use strict";
  const live = document.getElementById("live");
  const lost = document.getElementById("lost");
  const sound = document.getElementById("sound");
  const HUSH_MS = 30000;
  let title = document.title;
  const REPEAT_MS = 30000;
  const RING_MS = 900;
  const AWAKE_MS = 60000;
  let lastRing = 0;
  let speaker = null;

  const waits = () => document.getElementById("waits")?.dataset ?? {};
  const named = (names) => (names ?? "").split(" ").filter(Boolean);
  const urgent = () => named(waits().urgent);
  const worst = () => named(waits().worst);
  const calling = () => [...urgent(), ...named(waits().lines)];
  let known = new Set(calling());
  let knownWorst = new Set(worst());

  // A deliberate mute is remembered by this browser, on every page; that and no word of anybody's.
  const muted = () => { try { return localStorage.getItem("muted") === "1"; } catch { return false; } };
  function mute(on) {
    try { if (on) localStorage.setItem("muted", "1"); else localStorage.removeItem("muted"); } catch { /* not remembered */ }
  }

  function tone(at, pitch) {
    const wave = speaker.createOscillator();
    const volume = speaker.createGain();
    wave.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.3, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
    wave.connect(volume).connect(speaker.destination);
    wave.start(at);
    wave.stop(at + 0.4);
  }

  // Each kind of call sounds its own way: pitches in Hz, one after the other.
  const TONES = { danger: [880, 660, 880, 660], urgent: [660, 880], line: [523], ended: [440, 330] };
  const STEP_S = 0.22;

  // A silence of half a minute, for a voice on the telephone; it is never longer, and on every page of this browser.
  const hushed = () => { try { return Number(localStorage.getItem("hushed") ?? 0) > Date.now(); } catch { return false; } };
  function hush() {
    try { localStorage.setItem("hushed", String(Date.now() + HUSH_MS)); } catch { /* it sounds on */ }
  }

  function ring(kind = "urgent") {
    lastRing = Date.now();
    document.documentElement.dataset.rang = String(Number(document.documentElement.dataset.rang ?? 0) + 1);
    document.documentElement.dataset.tone = kind;
    if (muted() || hushed() || speaker?.state !== "running") return;
    // of several tabs one sounds
    if (navigator.locks) navigator.locks.request("ring", { ifAvailable: true }, (lock) => lock && chime(kind));
    else chime(kind);
  }

  function chime(kind) {
    TONES[kind].forEach((pitch, at) => tone(speaker.currentTime + at * STEP_S, pitch));
    return new Promise((resolve) => setTimeout(resolve, RING_MS));
  }

  function showSound() {
    if (!sound) return;
    const on = !muted() && speaker?.state === "running";
    sound.hidden = false;
    sound.setAttribute("aria-pressed", String(on));
    sound.textContent = on ? sound.dataset.on : sound.dataset.off;
  }

  async function wakeSpeaker() {
    if (!sound) return;
    if (!speaker) {
      speaker = new AudioContext();
      speaker.addEventListener("statechange", showSound);
    }
    if (speaker.state === "suspended") await speaker.resume().catch(() => {});
    showSound();
  }

  function look() {
    const now = calling();
    const calls = Number(waits().calls ?? 0);
    document.title = (calls ? `(${calls}) ` : "") + title;
    const fresh = now.filter((name) => !known.has(name));
    const danger = worst().some((name) => !knownWorst.has(name));
    if (fresh.length) ring(danger ? "danger" : fresh.some((name) => urgent().includes(name)) ? "urgent" : "line");
    if (fresh.length) announce(danger);
    known = new Set(now);
    knownWorst = new Set(worst());
    badges();
  }

  // Said once to a screen reader when it comes: the danger, or what waits now. The strip itself is silent, its clock runs.
  function announce(danger) {
    const said = document.querySelector(danger ? "#strip p" : "#bell")?.textContent ?? "";
    document.getElementById("announced")?.replaceChildren(said.replace(/\s+/g, " ").trim());
  }

  function badges() {
    const waiting = document.querySelector("#bell .count");
    for (const badge of document.querySelectorAll('[data-badge="waiting"]')) {
      if (!waiting) return;
      const count = parseInt(waiting.textContent, 10);
      badge.hidden = !count;
      badge.classList.toggle("hot", waiting.classList.contains("hot"));
      badge.firstElementChild.textContent = String(count);
    }
  }

  function sign() {
    if (!lost.hidden) document.dispatchEvent(new Event("reconnected"));
    lost.hidden = true;
    document.documentElement.dataset.live = "on";
  }

  look();

  sound?.addEventListener("click", async () => {
    mute(speaker?.state === "running" && !muted());
    await wakeSpeaker();
    if (!muted()) ring();
  });
  // In practice each kind is heard on its own, whether or not this browser is muted.
  document.addEventListener("click", async (event) => {
    const kind = event.target.closest("[data-tone]")?.dataset.tone;
    if (!kind) return;
    await wakeSpeaker();
    if (speaker?.state === "running") chime(kind);
  });
  addEventListener("storage", showSound); // muted in another tab
  showSound();
  wakeSpeaker(); // allowed where she came from another of our pages; else her first click allows it
  document.addEventListener("pointerdown", wakeSpeaker, { once: true });
  document.addEventListener("keydown", wakeSpeaker, { once: true });

  document.addEventListener("live:sign", sign);
  document.addEventListener("live:lost", () => { lost.hidden = false; });
  document.addEventListener("live:gone", () => location.reload());
  document.addEventListener("live:ended", () => {
    ring("ended");
    setTimeout(() => location.assign(live.dataset.signin), 800);
  });
  document.addEventListener("live:changed", look);
  document.addEventListener("desk:opened", ({ detail }) => { title = detail; look(); });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-hush]")) hush();
    if (event.target.closest("[data-try-bell]")) { mute(false); wakeSpeaker().then(() => ring("danger")); }
  });

  let lastAwake = Date.now();
  function awake() {
    if (Date.now() - lastAwake < AWAKE_MS) return;
    lastAwake = Date.now();
    fetch(live.dataset.awake, { method: "POST" }).catch(() => {});
  }
  for (const act of ["keydown", "pointerdown", "wheel"]) document.addEventListener(act, awake, { passive: true });

  setInterval(() => { if (urgent().length && Date.now() - lastRing > REPEAT_MS) ring(worst().length ? "danger" : "urgent"); }, 5000);
})();
