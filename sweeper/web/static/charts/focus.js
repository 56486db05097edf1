// The trials that a chart brings to the front, and their colours: the selected ones, or else the best tenth.

import { colors, PALETTE, viridis } from "../core/canvas.js";
import { factName, find } from "../core/selection.js";
import { rgb } from "./density.js";

/** @typedef {import("../core/view.js").View} View */

const BEST = 0.1; // part of the trials that is coloured as long as nothing is selected
const SHADES = 24;

/**
 * How many trials are the best tenth.
 * @param {View} view
 */
export function tenth(view) {
  return Math.min(view.ranking.length, Math.max(1, Math.ceil(view.ranking.length * BEST)));
}

/**
 * @typedef {object} Focus
 * @property {Uint32Array} ranked rows with a value, the best first
 * @property {Uint32Array} others rows without one
 */

/** What was found for a view, until something it depends on changes. @type {WeakMap<View, Map<boolean, Focus>>} */
const known = new WeakMap();

/**
 * Rows in front.
 * @param {View} view
 * @param {boolean} [all] a selection of everything means all of them, not the best tenth
 * @returns {Focus}
 */
export function focus(view, all = false) {
  let found = known.get(view);
  if (!found) {
    const made = found = new Map();
    known.set(view, made);
    for (const what of /** @type {const} */ (["selection", "columns", "goal"])) view.on(what, () => made.clear());
  }
  const kept = found.get(all) ?? compute(view, all);
  found.set(all, kept);
  return kept;
}

/**
 * @param {View} view
 * @param {boolean} all
 * @returns {Focus}
 */
function compute(view, all) {
  const { ranking, mask, columns: { n } } = view, none = new Uint32Array();
  if (view.whole && !all) return { ranked: ranking.subarray(0, tenth(view)), others: ranking.length ? none : everything(n) };
  const ranked = new Uint32Array(Math.min(ranking.length, view.selected)), with_ = new Uint8Array(n);
  let k = 0;
  for (let i = 0; i < ranking.length; i++) {
    const row = ranking[i];
    if (mask[row]) ranked[k++] = row;
    with_[row] = 1;
  }
  const others = new Uint32Array(view.selected - k);
  for (let row = 0, i = 0; i < others.length; row++) if (mask[row] && !with_[row]) others[i++] = row;
  return { ranked: ranked.subarray(0, k), others };
}

/**
 * At most so many of the rows, evenly.
 * @param {Uint32Array} rows
 * @param {number} most
 */
export function thinned(rows, most) {
  if (rows.length <= most) return rows;
  const made = new Uint32Array(most);
  for (let i = 0; i < most; i++) made[i] = rows[Math.floor((i * rows.length) / most)];
  return made;
}

/**
 * The colour of a rank: what is best stands out most, on light and on dark.
 * @param {number} t 0 the best, 1 the last
 * @param {boolean} night
 */
export function shade(t, night) {
  const stepped = Math.round(Math.max(0, Math.min(1, t)) * SHADES) / SHADES;
  return night ? viridis(1 - 0.7 * stepped) : viridis(0.05 + 0.75 * stepped);
}

/** Whether the page is dark now. */
export function dark() {
  const [r, g, b] = rgb(colors().surface);
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}

/**
 * The colour of a state of trials without a value.
 * @param {string} state
 */
export function stateColor(state) {
  const { bad, warn, accent, good, muted } = colors();
  return ({ failed: bad, pruned: warn, running: accent, complete: good })[state] ?? muted;
}

/**
 * How far from the best each row is coloured: its rank, or the rank of its value in a column, the highest first; 0 to 1.
 * @param {View} view
 * @param {string} by "" for the goal
 * @param {Uint32Array} ranked the best first
 * @returns {Float32Array} of each of `ranked`; NaN: no value in that column
 */
export function weights(view, by, ranked) {
  const last = Math.max(1, ranked.length - 1), values = by ? find(view.columns, by)?.values : null;
  if (!values) {
    const made = new Float32Array(ranked.length);
    for (let place = 0; place < made.length; place++) made[place] = place / last;
    return made;
  }
  const sorted = Float64Array.from(values).filter((v) => !Number.isNaN(v)).sort();
  return Float32Array.from(ranked, (row) => (Number.isNaN(values[row]) ? NaN : 1 - below(sorted, values[row])));
}

/**
 * A colour for each row of `ranked` by a column; by rank without one.
 * @param {View} view
 * @param {string} by "" for the rank
 * @param {Uint32Array} ranked
 * @returns {(row: number, place: number) => string}
 */
export function colored(view, by, ranked) {
  const { columns } = view, column = by ? find(columns, by) : null, { muted } = colors();
  if (by === factName(columns, "state")) return (row) => stateColor(columns.states[columns.state[row]]);
  if (column?.kind === "categorical") return (row) => (Number.isNaN(column.values[row]) ? muted : PALETTE[column.values[row] % PALETTE.length]);
  const found = weights(view, by, ranked), night = dark();
  return (_, place) => (Number.isNaN(found[place]) ? muted : shade(found[place], night));
}

/** Colours from the best to the last by day and by night. @type {Map<boolean, import("./density.js").Color[]>} */
const ramps = new Map();

/** The colours from the best to the last, for counted lines and points. */
export function ramp() {
  const night = dark(), made = ramps.get(night) ?? Array.from({ length: SHADES + 1 }, (_, i) => rgb(shade(i / SHADES, night)));
  ramps.set(night, made);
  return made;
}

/**
 * Whether the colours of a column are steps of one ramp.
 * @param {View} view
 * @param {string} by
 */
export function gradual(view, by) {
  return !by || find(view.columns, by)?.kind !== "categorical";
}

/**
 * The part of the sorted values that lies below one.
 * @param {Float64Array} sorted
 * @param {number} value
 */
function below(sorted, value) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low / Math.max(1, sorted.length - 1);
}

/** @param {number} n */
function everything(n) {
  return Uint32Array.from({ length: n }, (_, row) => row);
}
