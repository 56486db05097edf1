// Axes: where a value lies between 0 and 1, back again, and which marks a reader sees.

import { isNumber } from "./filter.js";
import { number } from "./format.js";

/** @typedef {import("./columns.js").Column} Column */
/** @typedef {{at: number, label: string}} Tick  `at` is 0 to 1 */

/**
 * @typedef {object} Axis
 * @property {string} name
 * @property {"linear" | "log" | "category"} kind
 * @property {boolean} whole only whole numbers
 * @property {number} low
 * @property {number} high
 * @property {string[]} levels
 * @property {(value: number) => number} to value -> 0..1; NaN stays NaN; a category is given by its code
 * @property {(at: number) => number} from 0..1 -> value
 * @property {(most?: number) => Tick[]} ticks
 */

const ROOM = 0.04; // of an axis beyond the values of a metric

/**
 * The axis of a column: declared ends of a parameter, found ones of a metric.
 * @param {Column} column
 * @param {{rows?: Uint8Array | null, robust?: boolean}} [options] `robust`: far outliers of a metric are left beyond the end
 * @returns {Axis}
 */
export function axisOf(column, { rows = null, robust = false } = {}) {
  if (column.kind === "categorical") return category(column.name, orderedLevels(column.levels));
  let [low, high] = extent(column.values, rows, robust && column.role !== "param");
  if (column.role === "param") {
    low = Math.min(low, column.low ?? low);
    high = Math.max(high, column.high ?? high);
  }
  if (!(low <= high)) [low, high] = [0, 1];
  const log = column.log && low > 0;
  if (column.role !== "param" || low === high) [low, high] = widened(low, high, log);
  return numeric(column.name, low, high, log, column.kind === "int");
}

/**
 * @param {string} name
 * @param {number} low
 * @param {number} high
 * @param {boolean} [log]
 * @param {boolean} [whole]
 * @returns {Axis}
 */
export function numeric(name, low, high, log = false, whole = false) {
  const first = log ? Math.log(low) : low, length = (log ? Math.log(high) : high) - first;
  const to = log ? (/** @type {number} */ v) => (Math.log(v) - first) / length : (/** @type {number} */ v) => (v - first) / length;
  const from = (/** @type {number} */ at) => {
    const raw = log ? Math.exp(first + at * length) : first + at * length;
    return whole ? Math.round(raw) : raw;
  };
  const ticks = (most = 6) => (log ? logTicks(low, high, most) : linearTicks(low, high, most, whole))
    .map((v) => ({ at: to(v), label: number(v) }));
  return { name, kind: log ? "log" : "linear", whole, low, high, levels: [], to, from, ticks };
}

/**
 * @param {string} name
 * @param {{levels: string[], places: Float64Array}} ordered
 * @returns {Axis}
 */
function category(name, { levels, places }) {
  const n = Math.max(1, levels.length);
  const at = (/** @type {number} */ place) => (n === 1 ? 0.5 : (place + 0.5) / n);
  const codes = levels.map((_, place) => places.indexOf(place));
  return {
    name, kind: "category", whole: true, low: 0, high: n - 1, levels,
    to: (code) => at(places[code] ?? NaN),
    from: (t) => codes[Math.max(0, Math.min(n - 1, Math.floor(t * n)))],
    ticks: (most = 30) => {
      const step = Math.ceil(n / most);
      return levels.map((label, place) => ({ at: at(place), label })).filter((_, place) => place % step === 0);
    },
  };
}

/**
 * Levels in the order a person expects: numbers by size, others as declared. `places`: code -> place in that order.
 * @param {string[]} levels
 */
export function orderedLevels(levels) {
  const numeric = levels.length > 0 && levels.every(isNumber);
  const order = levels.map((_, i) => i);
  if (numeric) order.sort((a, b) => Number(levels[a]) - Number(levels[b]));
  const places = new Float64Array(levels.length);
  order.forEach((code, place) => { places[code] = place; });
  return { levels: order.map((code) => levels[code]), places };
}

/**
 * Round numbers on a linear axis.
 * @param {number} low
 * @param {number} high
 * @param {number} most
 * @param {boolean} [whole]
 */
export function linearTicks(low, high, most, whole = false) {
  let step = 10 ** Math.floor(Math.log10((high - low) / most || 1));
  const room = (high - low) / most;
  step *= room / step <= 1 ? 1 : room / step <= 2 ? 2 : room / step <= 5 ? 5 : 10;
  if (whole) step = Math.max(1, Math.round(step));
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) found.push(Number((i * step).toPrecision(12)));
  return found;
}

/**
 * Powers of ten on a logarithmic axis; 2 and 5 between them where there are few.
 * @param {number} low
 * @param {number} high
 * @param {number} most
 */
export function logTicks(low, high, most) {
  const decades = Math.log10(high / low);
  if (decades < 0.7) return linearTicks(low, high, most);
  const factors = decades < most / 3 ? [1, 2, 5] : decades < most / 2 ? [1, 3] : [1];
  const step = Math.max(1, Math.ceil(decades / most));
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    if (factors.length === 1 && power % step) continue;
    for (const factor of factors) {
      const v = Number(`${factor}e${power}`);
      if (v >= low * (1 - 1e-9) && v <= high * (1 + 1e-9)) found.push(v);
    }
  }
  return found;
}

/**
 * @param {ArrayLike<number>} values
 * @param {Uint8Array | null} rows
 * @param {boolean} robust
 * @returns {[number, number]}
 */
function extent(values, rows, robust) {
  let low = Infinity, high = -Infinity;
  const kept = [];
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (Number.isNaN(v) || (rows && !rows[i])) continue;
    if (v < low) low = v;
    if (v > high) high = v;
    if (robust) kept.push(v);
  }
  if (!robust || kept.length < 10) return [low, high];
  const sorted = Float64Array.from(kept).sort(), at = (/** @type {number} */ q) => sorted[Math.round(q * (sorted.length - 1))];
  const spread = at(0.75) - at(0.25) || at(0.95) - at(0.05);
  return spread > 0 ? [Math.max(low, at(0.25) - 4 * spread), Math.min(high, at(0.75) + 4 * spread)] : [low, high];
}

/**
 * Both ends a little further out, so that no value lies on the frame.
 * @param {number} low
 * @param {number} high
 * @param {boolean} log
 * @returns {[number, number]}
 */
export function widened(low, high, log) {
  if (log) {
    const factor = low === high ? 2 : (high / low) ** ROOM;
    return [low / factor, high * factor];
  }
  const more = low === high ? Math.abs(low) * 0.5 || 1 : (high - low) * ROOM;
  return [low - more, high + more];
}
