// Keys that do something, and the list of them behind "?".

import { button, h } from "./dom.js";

/** @type {Map<string, [string, () => void]>} */
const known = new Map();

/**
 * Let a key do something while no field is being typed into.
 * @param {string} key as KeyboardEvent.key has it
 * @param {string} meaning
 * @param {() => void} action
 */
export function bind(key, meaning, action) {
  known.set(key, [meaning, action]);
}

/** Begin to listen. */
export function listen() {
  bind("?", "this list", help);
  addEventListener("keydown", (event) => {
    const at = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || at.closest("input, textarea, select, [contenteditable], dialog")) return;
    const found = known.get(event.key);
    if (!found) return;
    event.preventDefault();
    found[1]();
  });
}

function help() {
  const rows = [...known].map(([key, [meaning]]) => h("tr", null, h("th", { scope: "row" }, h("kbd", null, key)), h("td", null, meaning)));
  dialog("Keys", h("table", null, h("tbody", null, rows)));
}

/**
 * Show something in front of the page; Escape closes it.
 * @param {string} title
 * @param {...(Node | string)} children
 */
export function dialog(title, ...children) {
  const made = h("dialog", { "aria-label": title }, h("header", null, h("h2", null, title), button("Close", () => made.close())), ...children);
  made.addEventListener("close", () => made.remove());
  document.body.append(made);
  made.showModal();
  return made;
}
