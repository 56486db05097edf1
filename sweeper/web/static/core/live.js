// Hearing of changes: one stream while the page is looked at, asking now and then where there is none.

import { get } from "./api.js";

const POLL = 2000; // milliseconds between questions without a stream
const FAILURES = 3; // of the stream, after which it is given up

/**
 * Call `changed` whenever something changes in the store (in one sweep, when it is named).
 * @param {string | null} sweep
 * @param {(event: any) => void | Promise<void>} changed
 * @returns {() => void} ends it
 */
export function follow(sweep, changed) {
  /** @type {EventSource | null} */
  let stream = null;
  let timer = 0, failures = 0, rev = "", ended = false;
  const say = (/** @type {string} */ way) => document.documentElement.setAttribute("data-live", way);

  const hear = (/** @type {any} */ event) => {
    if (event.rev === rev) return;
    rev = event.rev;
    void changed(event);
  };
  const poll = async () => {
    if (ended || document.hidden) return;
    say("poll");
    try {
      hear(await get("changes", { since: rev, s: sweep }));
    } catch { /* the banner tells */ }
    clearTimeout(timer);
    timer = setTimeout(poll, POLL);
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
  const look = () => (document.hidden ? close() : open());
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
  return () => {
    ended = true;
    close();
    document.removeEventListener("visibilitychange", look);
  };
}
