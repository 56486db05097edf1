// What a brush on an axis means: places 0 to 1 along the axis on one side, a condition of the selection on the other.

import { number } from "../core/format.js";

/** @typedef {import("../core/scales.js").Axis} Axis */
/** @typedef {import("../core/filter.js").Condition} Condition */
/** @typedef {[number, number]} Reach  both ends, 0 to 1, the lower one first */

const EDGE = 0.005; // an end this near to the end of the axis leaves that side open
const STEPS = 500; // places of a linear axis that a brush tells apart

/**
 * The condition of a brush; null: it covers all of the axis, or nothing of it.
 * @param {Axis} axis
 * @param {number} a
 * @param {number} b
 * @returns {Condition | null}
 */
export function between(axis, a, b) {
  const from = Math.max(0, Math.min(a, b)), to = Math.min(1, Math.max(a, b));
  if (axis.kind === "category") {
    const n = axis.levels.length, chosen = axis.levels.filter((_, i) => (i + 0.5) / n >= from && (i + 0.5) / n <= to);
    if (chosen.length === n) return null;
    return { name: axis.name, levels: chosen.length ? chosen : [levelAt(axis, (from + to) / 2)] };
  }
  const low = from <= EDGE ? null : rounded(axis, from), high = to >= 1 - EDGE ? null : rounded(axis, to);
  if (low === null && high === null) return null;
  return { name: axis.name, low, high };
}

/**
 * The parts of an axis that a condition selects.
 * @param {Axis} axis
 * @param {Condition | undefined} condition
 * @returns {Reach[]}
 */
export function reaches(axis, condition) {
  if (!condition || "unset" in condition) return [];
  if ("levels" in condition) {
    if (axis.kind !== "category") return condition.levels.slice(0, 200).map((level) => point(axis, Number(level)));
    const n = axis.levels.length;
    /** @type {Reach[]} */
    const found = [];
    axis.levels.forEach((level, i) => {
      if (!condition.levels.includes(level)) return;
      const last = found.at(-1);
      if (last && Math.abs(last[1] - i / n) < 1e-9) last[1] = (i + 1) / n;
      else found.push([i / n, (i + 1) / n]);
    });
    return found;
  }
  const at = (/** @type {number | null} */ value, /** @type {number} */ open) => (value === null ? open : clamp(axis.to(value), open));
  return [[at(condition.low, 0), at(condition.high, 1)]];
}

/**
 * From the lowest to the highest place that a condition selects.
 * @param {Axis} axis
 * @param {Condition | undefined} condition
 * @returns {Reach | null}
 */
export function hull(axis, condition) {
  const found = reaches(axis, condition);
  return found.length ? [Math.min(...found.map(([a]) => a)), Math.max(...found.map(([, b]) => b))] : null;
}

/**
 * The condition after one end of a brush went on to the next mark.
 * @param {Axis} axis
 * @param {Condition | undefined} condition
 * @param {"low" | "high"} end
 * @param {1 | -1} direction
 * @returns {Condition | null}
 */
export function nudged(axis, condition, end, direction) {
  const [from, to] = hull(axis, condition) ?? [0, 1], marks = stops(axis);
  const next = (/** @type {number} */ at) => (direction > 0
    ? marks.find((mark) => mark > at + 1e-6) ?? 1 : marks.findLast((mark) => mark < at - 1e-6) ?? 0);
  const made = end === "low" ? [Math.min(next(from), to), to] : [from, Math.max(next(to), from)];
  return made[1] - made[0] < 1e-6 ? condition ?? null : between(axis, made[0], made[1]);
}

/**
 * The condition that two typed ends mean.
 * @param {string} name
 * @param {string} low
 * @param {string} high
 * @returns {Condition | null | string} a string says what is wrong
 */
export function typed(name, low, high) {
  const ends = [low, high].map((text) => (text.trim() === "" ? null : Number(text.trim().replace(/,(?=\d{3}\b)/g, ""))));
  const wrong = [low, high].find((_, i) => ends[i] !== null && !Number.isFinite(ends[i]));
  if (wrong !== undefined) return `"${wrong.trim()}" is not a number`;
  const [from, to] = ends;
  if (from === null && to === null) return null;
  return from !== null && to !== null && from > to ? { name, low: to, high: from } : { name, low: from, high: to };
}

/**
 * The shortest number that parts two values; the first one belongs to the same side as the number itself.
 * @param {number} first
 * @param {number} second
 */
export function parted(first, second) {
  const middle = (first + second) / 2, [low, high] = [Math.min(first, second), Math.max(first, second)];
  for (let digits = 2; digits < 16; digits++) {
    const short = Number(middle.toPrecision(digits));
    if (short > low && short < high) return short;
  }
  return first;
}

/**
 * An axis in words: "logarithmic, 1e-5 to 0.1".
 * @param {Axis} axis
 */
export function said(axis) {
  if (axis.kind === "category") return `${axis.levels.length} levels: ${axis.levels.slice(0, 12).join(", ")}`;
  return `${axis.kind === "log" ? "logarithmic, " : ""}${number(axis.low)} to ${number(axis.high)}`;
}

/**
 * @param {Axis} axis
 * @param {number} at
 */
export function levelAt(axis, at) {
  const n = axis.levels.length;
  return axis.levels[Math.max(0, Math.min(n - 1, Math.floor(at * n)))];
}

/** @param {Axis} axis */
function stops(axis) {
  const n = axis.levels.length;
  if (axis.kind === "category") return Array.from({ length: n + 1 }, (_, i) => i / n);
  return [0, ...axis.ticks(12).map((tick) => tick.at).filter((at) => at > 0 && at < 1), 1];
}

/**
 * @param {Axis} axis
 * @param {number} at
 */
function rounded(axis, at) {
  const value = axis.from(at);
  if (axis.whole) return value;
  if (axis.kind === "log") return Number(value.toPrecision(3));
  const step = 10 ** Math.floor(Math.log10((axis.high - axis.low) / STEPS));
  return Number((Math.round(value / step) * step).toPrecision(12));
}

/**
 * @param {Axis} axis
 * @param {number} value
 * @returns {Reach}
 */
function point(axis, value) {
  const at = clamp(axis.to(value), 0);
  return [at, at];
}

/**
 * @param {number} at
 * @param {number} otherwise
 */
function clamp(at, otherwise) {
  return Number.isNaN(at) ? otherwise : Math.max(0, Math.min(1, at));
}
