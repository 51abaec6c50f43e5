// The one live stream of this browser: runs as a shared worker, or in the page that leads where there is none.
(() => {
  "use strict";
  const SETTLE_MS = 50;
  const SILENT_MS = 35000;
  const POLL_MS = 10000;
  const SLOWEST_MS = 5000;

  // `post` tells all pages. Returns what hears the pages, and what ends it all.
  function hub(post, poll) {
    const tabs = new Map(); // page -> the topics it shows
    const marks = new Map(); // topic -> how far its pages are, where the server says so
    let session = "";
    let url = "";
    let run = null;
    let timer = 0;
    let failed = 0;
    let lastSign = Date.now();

    const wanted = () => new Set([...tabs.values()].flat());
    const tell = (message) => post({ to: "pages", session, ...message });

    function open(after = SETTLE_MS) {
      clearTimeout(timer);
      timer = setTimeout(connect, after);
    }

    async function connect() {
      run?.abort();
      const mine = run = new AbortController();
      const topics = [...wanted()].map((name) => (marks.get(name) ? `${name}@${marks.get(name)}` : name));
      if (!topics.length) return;
      lastSign = Date.now();
      try {
        const query = new URLSearchParams({ session, topics: topics.join(",") });
        const headers = { "hx-request": "true" };
        const answer = await fetch(`${url}?${query}`, { headers, signal: mine.signal, cache: "no-store" });
        if (answer.status === 401) return end();
        if (!answer.ok) throw new Error(`the stream answered ${answer.status}`);
        await read(answer.body.getReader(), mine);
        failed = 0; // closed without an error: the house starts anew, or was asked to poll
      } catch {
        if (mine !== run) return;
        failed += 1;
        tell({ lost: true });
      }
      if (mine === run) open(poll && !failed ? POLL_MS : Math.min(500 * 2 ** failed, SLOWEST_MS));
    }

    async function read(reader, mine) {
      const decoder = new TextDecoder();
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done || mine !== run) return;
        const frames = (rest + decoder.decode(value, { stream: true })).split("\n\n");
        rest = frames.pop();
        for (const frame of frames) {
          hear(frame);
          if (poll && frame.startsWith("event: alive")) return void reader.cancel();
        }
      }
    }

    // One event: what it is about, how far that brings a page, and the parts of pages as they are now.
    function hear(frame) {
      const fields = { event: "", mark: "", data: [] };
      for (const line of frame.split("\n")) {
        const [name, value] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)];
        if (name === "data") fields.data.push(value);
        else fields[name] = value;
      }
      lastSign = Date.now();
      failed = 0;
      const { event, mark } = fields;
      const data = fields.data.join("\n");
      if (event === "alive") return tell({ sign: true, now: data });
      if (event === "ended") return end();
      if (event === "gone") return tell({ gone: data });
      if (mark) marks.set(event, mark);
      tell({ topic: event, html: data, mark });
    }

    function end() {
      tell({ ended: true });
      tabs.clear();
      marks.clear();
      run?.abort();
      run = null;
    }

    function drop(tab) {
      if (tabs.delete(tab)) open();
    }

    function join({ tab, locked, topics, ...about }) {
      if (about.session !== session && tabs.size) end(); // somebody else has signed in
      ({ session, url } = about);
      const known = wanted();
      for (const [name, mark] of topics) {
        if (!known.has(name)) marks.set(name, mark);
        else if (marks.get(name) !== mark) marks.delete(name); // its pages differ: all are told everything
      }
      if (locked && !tabs.has(tab)) navigator.locks?.request(tab, () => drop(tab)); // free when the page is gone
      tabs.set(tab, topics.map(([name]) => name));
      open();
    }

    const watch = setInterval(() => {
      if (!tabs.size || poll || Date.now() - lastSign < SILENT_MS) return;
      tell({ lost: true });
      connect();
    }, SILENT_MS / 7);

    post({ to: "pages", hello: true });
    return {
      hear: (message) => (message.left ? drop(message.tab) : join(message)),
      stop() {
        clearInterval(watch);
        clearTimeout(timer);
        run?.abort();
        run = null;
      },
    };
  }

  // On a channel that all pages of this version hear.
  function onChannel(name) {
    const channel = new BroadcastChannel(name);
    const made = hub((message) => channel.postMessage(message), false);
    channel.onmessage = ({ data }) => { if (data.to === "hub") made.hear(data); };
    return { stop() { made.stop(); channel.close(); } };
  }

  if (self.SharedWorkerGlobalScope) onChannel(self.name);
  else self.liveHub = { hub, onChannel };
})();
