// This page's side of the live stream: says what it shows, puts the parts in that come, tells the rest of the page.
(() => {
  "use strict";
  const SILENT_MS = 45000;
  const { topics, session, url, hub } = document.getElementById("live").dataset;
  const parted = (names) => names.split(" ").filter(Boolean).map((one) => [one.split("@")[0], one.split("@")[1] ?? ""]);
  const marks = new Map(parted(topics));
  const lasting = new Set([...marks.keys()].filter((name) => !name.includes(":")));
  const tab = `tab-${[...crypto.getRandomValues(new Uint32Array(4))].join("-")}`;
  const name = `live ${hub}`;
  let post = () => {};
  let lastSign = Date.now();
  let swaps = Promise.resolve();
  let over = false;

  const tell = (event, detail) => document.dispatchEvent(new CustomEvent(`live:${event}`, { detail }));
  let ready = false;
  let locked = false;
  const join = () => ready && !over && post({ to: "hub", tab, locked, session, url, topics: [...marks] });

  async function put(html) {
    const state = /data-state="([^"]*)"/.exec(html)?.[1];
    if (state !== undefined && document.getElementById("composer")?.dataset.state === state) return;
    tell("parts", html);
    await htmx.swap({ text: html, sourceElement: document.body, swap: "none", transition: false });
    tell("changed");
  }

  // A page that shows something else now, beside what it always shows, says so.
  document.addEventListener("live:topics", ({ detail }) => {
    for (const name of [...marks.keys()]) if (!lasting.has(name)) marks.delete(name);
    for (const [name, mark] of parted(detail)) marks.set(name, mark);
    join();
  });

  // Each hub that this signing in has been refused to says so; the page goes to the sign-in once.
  function end() {
    over = true;
    tell("ended");
  }

  function hear(message) {
    if (message.to !== "pages") return;
    if (message.hello) join();
    if (message.session !== session || over) return;
    lastSign = Date.now();
    if (message.lost) return tell("lost");
    if (message.ended) return end();
    tell("sign", message.now);
    if (marks.has(message.gone)) tell("gone");
    if (!marks.has(message.topic)) return;
    if (message.mark) {
      marks.set(message.topic, message.mark);
      tell("read");
    }
    if (message.topic === "queue") tell("lanes", message.html);
    else swaps = swaps.then(() => marks.has(message.topic) && put(message.html)).catch(() => {});
  }

  function script() {
    return new Promise((resolve, reject) => {
      if (self.liveHub) return resolve();
      const made = document.createElement("script");
      Object.assign(made, { src: hub, onload: resolve, onerror: reject });
      document.head.append(made);
    });
  }

  // No shared worker: one page leads, as long as it holds the lock; a page that hears nothing takes the lead over.
  function lead(steal) {
    let led = null;
    navigator.locks.request(name, { steal }, async () => {
      await script();
      led = self.liveHub.onChannel(name);
      await new Promise(() => {});
    }).catch(() => {
      led?.stop();
      setTimeout(lead, 1000, false);
    });
  }

  async function alone() {
    await script();
    const made = self.liveHub.hub((message) => queueMicrotask(() => hear(message)), true);
    post = made.hear;
    ready = true;
    join();
  }

  function start(again) {
    if (self.SharedWorker) new SharedWorker(hub, { name });
    else lead(again);
  }

  const shared = "BroadcastChannel" in self && ("SharedWorker" in self || "locks" in navigator);
  if (shared) {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => hear(data);
    post = (message) => channel.postMessage(message);
    const held = "locks" in navigator ? new Promise((done) => {
      navigator.locks.request(tab, () => {
        locked = true;
        done();
        return new Promise(() => {});
      });
    }) : Promise.resolve();
    held.then(() => { ready = true; start(false); join(); });
    setInterval(() => {
      if (Date.now() - lastSign < SILENT_MS) return;
      lastSign = Date.now();
      tell("lost");
      start(true);
      join();
    }, 5000);
  } else {
    alone().catch(() => tell("lost"));
  }
  addEventListener("pagehide", () => post({ to: "hub", tab, left: true }));
  addEventListener("pageshow", (event) => { if (event.persisted) join(); });
})();
