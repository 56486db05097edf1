// Hearing of changes: one stream while the page is looked at, asking now and then where there is none.

import { get } from "./api.js";

const POLL = 2000; // milliseconds between questions without a stream
const SPACING = 700; // milliseconds between two changes that are told: what came between is told together
const SHARE = 4, LONGEST = 5000; // so many times what the last one took, so that a page leaves the machine to the sweep; at most this
const FRAME = 1000; // milliseconds to wait for a frame, which a page that nobody sees never gets
const FAILURES = 3; // of the stream, after which it is given up for a while
const POLLS = 5; // answers until the stream is tried again

/**
 * Call `changed` whenever something changes in the store (in one sweep, when it is named).
 * @param {string | null} sweep
 * @param {(event: any) => void | Promise<void>} changed
 * @returns {() => void} ends it
 */
export function follow(sweep, changed) {
  /** @type {EventSource | null} */
  let stream = null;
  /** What changed since it was last told. @type {any} */
  let waiting = null;
  let timer = 0, failures = 0, polls = 0, rev = "", ended = false, busy = false;
  const say = (/** @type {string} */ way) => document.documentElement.setAttribute("data-live", way);

  const hear = (/** @type {any} */ event) => {
    if (event.rev === rev) return;
    rev = event.rev;
    waiting = waiting?.sweeps && event.sweeps ? { ...event, sweeps: [...new Set([...waiting.sweeps, ...event.sweeps])] } : event;
    pass();
  };
  const pass = async () => {
    if (busy || !waiting || ended) return;
    const event = waiting;
    [busy, waiting] = [true, null];
    const begun = Date.now();
    await Promise.resolve(changed(event)).catch(() => {}); // what fails is told by the banner
    await drawn();
    const took = Date.now() - begun;
    await new Promise((done) => setTimeout(done, Math.min(LONGEST, Math.max(SPACING, SHARE * took))));
    busy = false;
    void pass();
  };
  const poll = async () => {
    if (ended || document.hidden) return;
    say("poll");
    try {
      hear(await get("changes", { since: rev, s: sweep }));
      polls += 1;
    } catch { /* the banner tells */ }
    clearTimeout(timer);
    if (polls >= POLLS && "EventSource" in globalThis) [polls, failures] = [0, FAILURES - 1];
    timer = setTimeout(failures < FAILURES && "EventSource" in globalThis ? open : poll, POLL);
  };
  const open = () => {
    if (ended || document.hidden || stream) return;
    if (!("EventSource" in globalThis) || failures >= FAILURES) return void poll();
    stream = new EventSource(`/api/v1/events${sweep ? `?s=${encodeURIComponent(sweep)}` : ""}`);
    stream.onmessage = (message) => {
      failures = 0;
      say("stream");
      hear(JSON.parse(message.data));
    };
    stream.onerror = () => {
      failures += 1;
      close();
      timer = setTimeout(open, POLL);
    };
  };
  const close = () => {
    stream?.close();
    stream = null;
    clearTimeout(timer);
    say("off");
  };
  const look = () => {
    failures = 0;
    return document.hidden ? close() : open();
  };
  const listening = new AbortController(), { signal } = listening;
  document.addEventListener("visibilitychange", look, { signal });
  addEventListener("pagehide", close, { signal });
  addEventListener("pageshow", open, { signal });
  open();
  return () => {
    ended = true;
    listening.abort();
    close();
  };
}

/** When what is to be drawn has been. */
function drawn() {
  return new Promise((done) => {
    setTimeout(done, FRAME);
    requestAnimationFrame(() => setTimeout(done));
  });
}
