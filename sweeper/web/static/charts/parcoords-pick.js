// Where lines run in parallel coordinates, and which of them is nearest to the pointer.

/** @typedef {import("../core/scales.js").Axis} Axis */

export const TOP = 12, PLOT = 264, LANE = 26, HEIGHT = TOP + PLOT + LANE + 14;
const LEFT = 56, RIGHT = 96, NARROWEST = 92;

/**
 * Where the axes stand.
 * @param {number} width
 * @param {number} n axes
 * @returns {{width: number, xs: number[]}} wider than asked for when there are too many for it
 */
export function spread(width, n) {
  const needed = Math.max(width, LEFT + RIGHT + NARROWEST * (n - 1));
  const step = n > 1 ? (needed - LEFT - RIGHT) / (n - 1) : 0;
  return { width: needed, xs: Array.from({ length: n }, (_, i) => LEFT + i * step) };
}

/**
 * The height of a place on an axis.
 * @param {number} at 0 to 1
 * @param {boolean} flipped
 */
export function heightOf(at, flipped) {
  return TOP + (flipped ? at : 1 - at) * PLOT;
}

/**
 * The place of a height on an axis.
 * @param {number} y
 * @param {boolean} flipped
 */
export function placeOf(y, flipped) {
  const at = Math.max(0, Math.min(1, (y - TOP) / PLOT));
  return flipped ? at : 1 - at;
}

/**
 * The height of every row on an axis: what is not set lies in the lane below, what is beyond an end at that end.
 * Levels are spread a little, so that lines through one of them can be told apart.
 * @param {Axis} axis
 * @param {ArrayLike<number>} values
 * @param {boolean} flipped
 */
export function heights(axis, values, flipped) {
  const made = new Float32Array(values.length), lane = TOP + PLOT + LANE;
  const room = axis.kind === "category" ? Math.min(0.3 / axis.levels.length, 0.06) : 0;
  for (let row = 0; row < made.length; row++) {
    const v = values[row], at = v === Infinity ? 1 : v === -Infinity ? 0 : axis.to(v);
    if (Number.isNaN(v)) made[row] = lane;
    else if (Number.isNaN(at)) made[row] = heightOf(0, flipped);
    else made[row] = heightOf(Math.max(0, Math.min(1, at)) + (room ? room * (((row * 0.618034) % 1) - 0.5) : 0), flipped);
  }
  return made;
}

/**
 * The row whose line passes nearest to a point; -1: none within reach.
 * @param {number[]} xs
 * @param {Float32Array[]} ys
 * @param {ArrayLike<number>} rows
 * @param {number} x
 * @param {number} y
 * @param {number} reach pixels
 */
export function nearest(xs, ys, rows, x, y, reach) {
  if (xs.length < 2 || x < xs[0] - reach || x > xs[xs.length - 1] + reach) return -1;
  let right = xs.findIndex((at) => at >= x);
  right = right < 0 ? xs.length - 1 : Math.max(1, right);
  const a = ys[right - 1], b = ys[right], t = Math.max(0, Math.min(1, (x - xs[right - 1]) / (xs[right] - xs[right - 1])));
  let found = -1, least = reach;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i], slope = (b[row] - a[row]) / (xs[right] - xs[right - 1]);
    const away = Math.abs(a[row] + (b[row] - a[row]) * t - y) / Math.sqrt(1 + slope * slope);
    if (away < least) [found, least] = [row, away];
  }
  return found;
}
