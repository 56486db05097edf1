// The state of a page lives in its address: after "?" on the server, after "#" in a report on disk.

const inFile = () => document.documentElement.dataset.source === "report";

/** @type {Set<() => void>} */
const listeners = new Set();
addEventListener("popstate", () => listeners.forEach((listener) => listener()));
addEventListener("hashchange", () => inFile() && listeners.forEach((listener) => listener()));

/** The state as it stands. */
export function read() {
  return new URLSearchParams(inFile() ? location.hash.slice(1) : location.search);
}

/** @param {string} key */
export function get(key) {
  return read().get(key) ?? "";
}

/**
 * Change some of the state; "" and null take a key away. The page stays.
 * @param {Record<string, string | null>} changes
 * @param {boolean} [step] true: the back button undoes it
 */
export function write(changes, step = false) {
  const state = read();
  for (const [key, value] of Object.entries(changes)) {
    if (value) state.set(key, value);
    else state.delete(key);
  }
  const text = state.toString();
  const target = inFile() ? `#${text}` : location.pathname + (text ? `?${text}` : "") + location.hash;
  history[step ? "pushState" : "replaceState"](null, "", target);
}

/**
 * Call when the reader went back or forth.
 * @param {() => void} listener
 */
export function onMove(listener) {
  listeners.add(listener);
}
