// How a sweep went on: where its trials lie along trials, time or cost, and the best so far, as numbers.

import { count, grouped, number } from "../core/format.js";
import { numeric, widened } from "../core/scales.js";
import { order } from "./order.js";

/** @typedef {import("../core/columns.js").Columns} Columns */
/** @typedef {"trial" | "time" | "cost"} By */

/** What a trial looks like: not at all, a value, that of a pruned one; without a value: failed, running, given up, cut before it had one. */
export const MARK = { none: 0, done: 1, pruned: 2, failed: 3, running: 4, dropped: 5, cut: 6 };
const WIDE = 100; // a goal whose median is so many times its smallest value reads better on a log axis
const SAMPLE = 2000; // values of which quartiles are looked at
const FEWEST = 10, FAR = 4; // values farther than so many times the middle half of at least ten lie beyond the axis

/**
 * Whether a trial of that MARK stands in the chart rather than below it.
 * @param {number} mark
 */
export function valued(mark) {
  return mark === MARK.done || mark === MARK.pruned;
}

/**
 * Where each row lies along an axis: its number, when it ended (began, while it runs), what had been paid by then.
 * @param {Columns} columns
 * @param {By} by
 * @returns {Float64Array}
 */
export function along(columns, by) {
  if (by === "trial") return columns.number;
  const ends = new Float64Array(columns.n);
  for (let row = 0; row < columns.n; row++) ends[row] = columns.start[row] + (columns.seconds[row] || 0);
  if (by === "time") return ends;
  const paid = new Float64Array(columns.n).fill(NaN);
  let sum = 0;
  for (const row of order(ends)) {
    if (Number.isNaN(ends[row])) break;
    sum += columns.cost[row] || 0;
    paid[row] = sum;
  }
  return paid;
}

/**
 * Which axes there are: cost only where it is known.
 * @param {Columns} columns
 * @returns {By[]}
 */
export function axes(columns) {
  /** @type {By[]} */
  const found = ["trial"];
  if (columns.start.some((start) => !Number.isNaN(start))) found.push("time");
  if (columns.cost.some((cost) => cost > 0)) found.push("cost");
  return found;
}

/**
 * @param {Columns} columns
 * @param {ArrayLike<number>} values of the goal
 * @returns {Uint8Array} a MARK for each row
 */
export function marks(columns, values) {
  const { done, pruned, failed, running, dropped, cut, none } = MARK;
  const kinds = columns.states.map((state) => ({ complete: done, pruned, failed, running, cancelled: dropped })[state] ?? none);
  const made = new Uint8Array(columns.n);
  for (let row = 0; row < columns.n; row++) {
    const kind = kinds[columns.state[row]];
    made[row] = kind > pruned || !Number.isNaN(values[row]) ? kind : kind === pruned ? cut : kind === done ? dropped : none;
  }
  return made;
}

/**
 * The rows at which the best so far changed, in the order of `xs`.
 * @param {Uint8Array} kinds
 * @param {ArrayLike<number>} values
 * @param {ArrayLike<number>} xs
 * @param {boolean} maximize
 * @returns {number[]}
 */
export function stairs(kinds, values, xs, maximize) {
  const found = [];
  let best = NaN;
  for (const row of order(xs)) {
    if (kinds[row] !== MARK.done || Number.isNaN(xs[row])) continue;
    const value = values[row];
    if (!(maximize ? value <= best : value >= best)) {
      best = value;
      found.push(row);
    }
  }
  return found;
}

/**
 * The axis of a goal: far values are left beyond its ends, the best never is.
 * @param {import("../core/columns.js").Column} column
 * @param {Uint8Array} kinds
 * @param {number | undefined} best row
 * @param {boolean} log
 */
export function valueAxis({ name, values }, kinds, best, log) {
  /** @type {number[]} */
  const kept = [];
  const step = Math.max(1, Math.floor(kinds.length / SAMPLE));
  let low = Infinity, high = -Infinity, met = 0;
  for (let row = 0; row < kinds.length; row++) {
    const value = values[row];
    if (!valued(kinds[row]) || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
    if (met++ % step === 0) kept.push(value);
  }
  if (!met) [low, high] = [0, 1];
  const at = (/** @type {number} */ q) => kept[Math.round(q * (kept.length - 1))];
  kept.sort((a, b) => a - b);
  const spread = log || met < FEWEST ? 0 : at(0.75) - at(0.25) || at(0.95) - at(0.05);
  if (spread > 0) [low, high] = [Math.max(low, at(0.25) - FAR * spread), Math.min(high, at(0.75) + FAR * spread)];
  const top = best === undefined ? NaN : values[best];
  if (Number.isFinite(top)) [low, high] = [Math.min(low, top), Math.max(high, top)];
  return numeric(name, ...widened(low, high, log), log);
}

/**
 * Whether a goal may have a log axis (all above 0), and whether it reads better on one.
 * @param {ArrayLike<number>} values
 * @param {Uint8Array} kinds
 * @returns {{possible: boolean, better: boolean}}
 */
export function logarithmic(values, kinds) {
  const kept = [], step = Math.max(1, Math.floor(kinds.length / SAMPLE));
  let low = Infinity, met = 0;
  for (let row = 0; row < kinds.length; row++) {
    if (!valued(kinds[row]) || !Number.isFinite(values[row])) continue;
    if (values[row] <= 0) return { possible: false, better: false };
    low = Math.min(low, values[row]);
    if (met++ % step === 0) kept.push(values[row]);
  }
  kept.sort((a, b) => a - b);
  return { possible: met > 1, better: kept[kept.length >> 1] > WIDE * low };
}

/**
 * The chart in a sentence.
 * @param {Columns} columns
 * @param {string} name of the goal
 * @param {ArrayLike<number>} values
 * @param {number | undefined} best row
 */
export function sentence(columns, name, values, best) {
  if (columns.n === 0) return "No trial has started yet.";
  if (best === undefined) return `None of ${count(columns.n, "trial")} has completed with a value of ${name} yet.`;
  const ended = new Set(["complete", "pruned", "failed"].map((state) => columns.states.indexOf(state)));
  let since = 0, others = -1;
  for (let row = 0; row < columns.n; row++) {
    if (!ended.has(columns.state[row])) continue;
    others++;
    if (columns.number[row] > columns.number[best]) since++;
  }
  const found = `Best ${name} ${number(values[best])} at trial ${columns.number[best]}`;
  if (since === 0) return `${found}, the ${others ? "last" : "only"} one that ended.`;
  return since === 1 ? `${found}; the one after it did not improve it.` : `${found}; the last ${grouped(since)} trials did not improve it.`;
}
