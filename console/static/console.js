// What the server cannot do alone: sound, the number in the title, a warning when the line is dead.
(() => {
  "use strict";
  const live = document.getElementById("live");
  const lost = document.getElementById("lost");
  const lines = document.getElementById("lines");
  const sound = document.getElementById("sound");
  const title = document.title;
  const REPEAT_MS = 30000;
  const RING_MS = 900;
  const AWAKE_MS = 60000;
  let lastRing = 0;
  let speaker = null;

  const waits = () => document.getElementById("waits")?.dataset ?? {};
  const named = (names) => (names ?? "").split(" ").filter(Boolean);
  const urgent = () => named(waits().urgent);
  const calling = () => [...urgent(), ...named(waits().lines)];
  let known = new Set(calling());

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

  function ring() {
    lastRing = Date.now();
    document.documentElement.dataset.rang = String(Number(document.documentElement.dataset.rang ?? 0) + 1);
    if (muted() || speaker?.state !== "running") return;
    // of several tabs one sounds
    if (navigator.locks) navigator.locks.request("ring", { ifAvailable: true }, (lock) => lock && chime());
    else chime();
  }

  function chime() {
    tone(speaker.currentTime, 660);
    tone(speaker.currentTime + 0.3, 880);
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
    if (now.some((name) => !known.has(name))) ring();
    known = new Set(now);
  }

  function sign() {
    if (!lost.hidden) document.dispatchEvent(new Event("reconnected"));
    lost.hidden = true;
    document.documentElement.dataset.live = "on";
  }

  let atEnd = true;
  const toEnd = () => lines && (lines.scrollTop = lines.scrollHeight);
  lines?.addEventListener("scroll", () => {
    atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 80;
  });
  toEnd();
  look();

  sound?.addEventListener("click", async () => {
    mute(speaker?.state === "running" && !muted());
    await wakeSpeaker();
    if (!muted()) ring();
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
    ring();
    setTimeout(() => location.assign(live.dataset.signin), 800);
  });
  document.addEventListener("live:changed", () => {
    look();
    if (atEnd) toEnd();
  });

  let lastAwake = Date.now();
  function awake() {
    if (Date.now() - lastAwake < AWAKE_MS) return;
    lastAwake = Date.now();
    fetch(live.dataset.awake, { method: "POST" }).catch(() => {});
  }
  for (const act of ["keydown", "pointerdown", "wheel"]) document.addEventListener(act, awake, { passive: true });

  setInterval(() => { if (urgent().length && Date.now() - lastRing > REPEAT_MS) ring(); }, 5000);
})();
