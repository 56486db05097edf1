// What the colours of parallel coordinates and slices mean.

import { colors, PALETTE } from "../core/canvas.js";
import { h, replace } from "../core/dom.js";
import { number } from "../core/format.js";
import { factName, find } from "../core/selection.js";
import { dark, focus, shade, stateColor } from "./focus.js";

/** @typedef {import("../core/view.js").View} View */

const STOPS = 8, LEVELS = 10;

/**
 * @param {View} view
 * @param {{by: string, states?: boolean}} chosen `states`: those without a value are shown
 */
export function legend(view, chosen) {
  const element = h("p", { class: "pc-legend muted" });
  return { element, update: () => replace(element, chosen.by ? byColumn(view, chosen.by) : byRank(view, chosen.states !== false)) };
}

/**
 * @param {View} view
 * @param {boolean} withStates
 */
function byRank(view, withStates) {
  const { ranked, others } = focus(view), { columns } = view, goal = view.value?.name ?? "the goal";
  const parts = [];
  if (ranked.length > 1) {
    const what = view.whole ? `The best ${number(ranked.length)} of ${number(view.ranking.length)} by ${goal}` : `Selected, by ${goal}`;
    parts.push(h("span", null, `${what}: best `, bar("by rank"), " last"));
  }
  if (ranked.length === 1) parts.push(h("span", null, swatch(shade(0, dark())), view.whole ? ` the best by ${goal}` : " selected"));
  if (view.whole ? view.ranking.length > ranked.length : ranked.length < view.ranking.length) {
    parts.push(h("span", null, swatch(colors().cloud), view.whole ? " the others" : " not selected"));
  }
  if (!withStates) return [...parts, columns.state.includes(columns.states.indexOf("failed")) ? h("span", null, swatch(colors().bad), " failed, along the lower edge") : null];
  const states = new Set(Array.from(others.subarray(0, 100000), (row) => columns.states[columns.state[row]]));
  for (const state of states) parts.push(h("span", null, swatch(stateColor(state)), ` ${state}`));
  return parts;
}

/**
 * @param {View} view
 * @param {string} by
 */
function byColumn(view, by) {
  const column = find(view.columns, by);
  if (!column) return [];
  if (column.kind !== "categorical") return [h("span", null, `${by}: high `, bar(by), " low, by rank of the value")];
  const levels = column.levels.slice(0, LEVELS);
  const of = (/** @type {string} */ level, /** @type {number} */ i) => (by === factName(view.columns, "state") ? stateColor(level) : PALETTE[i % PALETTE.length]);
  return [`${by}: `, ...levels.map((level, i) => h("span", null, swatch(of(level, i)), ` ${level}`))];
}

/** @param {string} label */
function bar(label) {
  const night = dark(), stops = Array.from({ length: STOPS }, (_, i) => shade(i / (STOPS - 1), night));
  return h("i", { class: "pc-ramp", "aria-hidden": "true", title: label, style: { background: `linear-gradient(to right, ${stops.join(", ")})` } });
}

/** @param {string} color */
function swatch(color) {
  return h("i", { class: "pc-swatch", "aria-hidden": "true", style: { background: color } });
}
