// A trial that a click in a chart keeps in view: its facts, its page, a tick.

import { button, h, link } from "../core/dom.js";
import { place } from "./panel.js";
import { facts } from "./tip.js";

/** @typedef {import("../core/view.js").View} View */

/**
 * @param {View} view
 * @param {number} row
 * @param {() => void} close
 */
export function card(view, row, close) {
  const number = view.columns.number[row], address = place(view, row);
  const tick = button(view.ticked.has(number) ? "Untick" : "Tick", () => {
    view.tick(number);
    tick.textContent = view.ticked.has(number) ? "Untick" : "Tick";
  });
  const made = h(
    "div", { class: "tip card", role: "group", "aria-label": `Trial ${number}` },
    facts(view, row).map(([name, text]) => h("div", null, h("span", { class: "muted" }, name), " ", text)),
    h("div", { class: "row" }, address ? link(address, "Open trial") : null, tick, button("×", close, { "aria-label": "Close" })),
  );
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  return made;
}
