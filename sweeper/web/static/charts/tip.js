// What is said of the trial under the pointer.

import { cell } from "../core/columns.js";
import { h, replace } from "../core/dom.js";
import { value } from "../core/format.js";

/** @typedef {import("../core/view.js").View} View */

const PARAMS = 5; // that are named

/**
 * A trial in few words: state, goals, the parameters that matter most.
 * @param {View} view
 * @param {number} row
 * @returns {[string, string][]}
 */
export function facts(view, row) {
  const { columns } = view;
  const named = (/** @type {import("../core/columns.js").Column[]} */ many) => many
    .map((column) => /** @type {[string, string]} */ ([column.name, value(cell(column, row))]))
    .filter(([, text]) => text);
  return [["Trial", `${columns.number[row]} · ${columns.states[columns.state[row]]}`], ...named(columns.goals), ...named(view.params.slice(0, PARAMS))];
}

/** A small box beside the pointer. */
export function tip() {
  const root = h("div", { class: "tip", hidden: true, role: "status" });
  return {
    root,
    hide() {
      root.hidden = true;
    },
    /**
     * @param {View} view
     * @param {number} row
     * @param {number} x within the chart, CSS pixels
     * @param {number} y
     * @param {number} width of the chart
     */
    show(view, row, x, y, width) {
      replace(root, facts(view, row).map(([name, text]) => h("div", null, h("span", { class: "muted" }, name), " ", text)));
      root.hidden = false;
      const right = x < width / 2;
      root.style.setProperty("left", right ? `${x + 14}px` : "auto");
      root.style.setProperty("right", right ? "auto" : `${width - x + 14}px`);
      root.style.setProperty("top", `${Math.max(0, y - 12)}px`);
    },
  };
}
