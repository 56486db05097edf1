// The points of one slice: where each trial lies, all of them as a cloud, those in front in their colours.

import { colors, fit } from "../core/canvas.js";
import { blit, raster, rgb } from "./density.js";
import { colored, ramp, thinned, weights } from "./focus.js";

/** @typedef {import("../core/view.js").View} View */
/** @typedef {import("../core/scales.js").Axis} Axis */
/** @typedef {{left: number, top: number, width: number, height: number}} Box */
/** @typedef {{x: Axis, y: Axis, xs: Float32Array, ys: Float32Array, box: Box, width: number}} Drawn  axes, pixels of each row */

export const HEIGHT = 164, LEFT = 40, TOP = 8, BOTTOM = 34, LANE = 22;
const BIN = 3; // pixels
const BEYOND = 200; // arrows
const MARK = 4, MARKS = 120; // failed trials: pixels of a part, and from how many on they are counted
const POINTS = 4000; // more than this are counted in bins
const FRONT = 800, FAST = 2000, CAP = 40000;
const LABELS = '11px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

/**
 * @param {number} width
 * @param {boolean} lane whether some trials do not have the parameter
 * @returns {Box}
 */
export function boxOf(width, lane) {
  return { left: LEFT, top: TOP, width: Math.max(40, width - LEFT - 10 - (lane ? LANE : 0)), height: HEIGHT - TOP - BOTTOM };
}

/**
 * Pixels of every row along the parameter; what is not set lies in the lane to the right.
 * @param {Axis} axis
 * @param {ArrayLike<number>} values
 * @param {Box} box
 */
export function across(axis, values, box) {
  const spread = axis.kind === "category" ? 0.5 / axis.levels.length : 0;
  const made = new Float32Array(values.length);
  for (let row = 0; row < made.length; row++) {
    const at = axis.to(values[row]), aside = spread && spread * (((row * 0.618034) % 1) - 0.5);
    made[row] = Number.isNaN(at) ? box.left + box.width + LANE / 2 + 2 : box.left + box.width * (Math.max(0, Math.min(1, at)) + aside);
  }
  return made;
}

/**
 * Pixels of every row along the goal; NaN: no value. What is beyond an end lies at the end.
 * @param {Axis} axis
 * @param {ArrayLike<number>} values
 */
export function upward(axis, values) {
  const height = HEIGHT - TOP - BOTTOM, made = new Float32Array(values.length);
  for (let row = 0; row < made.length; row++) made[row] = TOP + height * (1 - Math.max(0, Math.min(1, axis.to(values[row]))));
  return made;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {View} view
 * @param {Drawn} slice
 */
export function drawCloud(canvas, view, { x, y, xs, ys, box, width }) {
  const context = fit(canvas, width, HEIGHT), { cloud } = colors(), rows = view.ranking;
  context.clearRect(0, 0, width, HEIGHT);
  frame(context, x, y, box);
  if (rows.length > POINTS) bins(context, xs, ys, thinned(rows, CAP), width, null, [rgb(cloud)], 0.8);
  else {
    context.globalAlpha = rows.length > 500 ? 0.45 : 0.7;
    context.fillStyle = cloud;
    for (const row of rows) context.fillRect(xs[row] - 1.5, ys[row] - 1.5, 3, 3);
    context.globalAlpha = 1;
  }
  drawBeyond(context, view, y, xs, box);
  drawFailed(context, view, xs, box);
}

/**
 * Small arrows where values lie beyond an end of the goal's axis.
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {Axis} y
 * @param {Float32Array} xs
 * @param {Box} box
 */
function drawBeyond(context, { ranking, value }, y, xs, { top, height }) {
  if (!value) return;
  let drawn = 0;
  context.fillStyle = colors().muted;
  const arrow = (/** @type {number} */ row, /** @type {number} */ from, /** @type {number} */ to) => {
    context.beginPath();
    context.moveTo(xs[row] - 4, from);
    context.lineTo(xs[row] + 4, from);
    context.lineTo(xs[row], to);
    context.fill();
  };
  for (let i = 0; i < ranking.length && drawn < BEYOND; i++) {
    const v = value.values[ranking[i]];
    if (v >= y.low && v <= y.high) continue;
    if (v > y.high) arrow(ranking[i], top, top - 6);
    else arrow(ranking[i], top + height - 3, top + height + 3);
    drawn++;
  }
}

/**
 * Failed trials along the lower edge; where there are many, the part of the trials that failed there.
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {Float32Array} xs
 * @param {Box} box
 */
function drawFailed(context, { columns: { n, state, states } }, xs, { left, top, width, height }) {
  const failed = states.indexOf("failed"), cells = Math.ceil((left + width + LANE) / MARK) + 2;
  const counts = new Uint32Array(cells), all = new Uint32Array(cells), rows = [];
  for (let row = 0; row < n; row++) {
    const cell = (xs[row] / MARK) | 0;
    all[cell]++;
    if (state[row] !== failed) continue;
    counts[cell]++;
    if (rows.length <= MARKS) rows.push(row);
  }
  context.fillStyle = colors().bad;
  if (rows.length <= MARKS) for (const row of rows) context.fillRect(xs[row] - 0.75, top + height + 4, 1.5, 7);
  else {
    counts.forEach((count, cell) => {
      context.globalAlpha = count && Math.max(0.08, count / all[cell]);
      if (count) context.fillRect(cell * MARK, top + height + 4, MARK, 7);
    });
  }
  context.globalAlpha = 1;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {View} view
 * @param {Drawn} slice
 * @param {Uint32Array} ranked
 * @param {boolean} fast
 */
export function drawFront(canvas, view, { xs, ys, width }, ranked, fast) {
  const context = fit(canvas, width, HEIGHT), { ink, surface } = colors();
  context.clearRect(0, 0, width, HEIGHT);
  if (ranked.length > FRONT) {
    const rows = thinned(ranked, fast ? FAST : CAP);
    bins(context, xs, ys, rows, width, weights(view, "", rows), ramp(), 0.95);
  } else {
    const colorOf = colored(view, "", ranked), size = ranked.length > 200 ? 3 : 4.5;
    for (let place = ranked.length - 1; place >= 0; place--) {
      const row = ranked[place];
      context.fillStyle = colorOf(row, place);
      context.fillRect(xs[row] - size / 2, ys[row] - size / 2, size, size);
    }
  }
  const best = view.ranking[0];
  if (best === undefined) return;
  for (const [color, thick] of /** @type {[string, number][]} */ ([[surface, 4], [ink, 2]])) {
    context.strokeStyle = color;
    context.lineWidth = thick;
    context.beginPath();
    context.arc(xs[best], ys[best], 5.5, 0, 2 * Math.PI);
    context.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} xs
 * @param {Float32Array} ys
 * @param {Uint32Array} rows
 * @param {number} width
 * @param {Float32Array | null} weighing
 * @param {import("./density.js").Color[]} palette
 * @param {number} most
 */
function bins(context, xs, ys, rows, width, weighing, palette, most) {
  const counted = raster(width / BIN, HEIGHT / BIN, weighing !== null), { counts, sums, height } = counted;
  for (let i = 0; i < rows.length; i++) {
    const at = ((xs[rows[i]] / BIN) | 0) * height + ((ys[rows[i]] / BIN) | 0);
    counts[at] += 1;
    if (sums && weighing) sums[at] += weighing[i];
  }
  blit(context, counted, palette, { lines: rows.length / counted.width, most, wide: BIN, high: BIN, smooth: false });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Axis} x
 * @param {Axis} y
 * @param {Box} box
 */
function frame(context, x, y, { left, top, width, height }) {
  const { faint, muted } = colors(), bottom = top + height;
  context.font = LABELS;
  context.fillStyle = muted;
  context.strokeStyle = faint;
  context.lineWidth = 1;
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.beginPath();
  for (const { at, label } of y.ticks(4)) {
    const place = Math.round(bottom - at * height) + 0.5;
    context.moveTo(left, place);
    context.lineTo(left + width, place);
    context.fillText(label, left - 5, place);
  }
  context.stroke();
  context.textBaseline = "alphabetic";
  context.textAlign = "center";
  const ticks = x.ticks(x.kind === "category" ? 8 : 4), room = (0.94 * width) / Math.max(1, x.kind === "category" ? ticks.length : 3);
  for (const { at, label } of ticks) {
    const text = fitted(context, label, room), half = context.measureText(text).width / 2;
    context.fillText(text, Math.max(left - 8 + half, Math.min(left + at * width, left + width + 8 - half)), HEIGHT - 8);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} room
 */
function fitted(context, text, room) {
  if (context.measureText(text).width <= room) return text;
  let length = text.length - 1;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > room) length--;
  return `${text.slice(0, length)}…`;
}

/**
 * The row nearest to a point; -1: none within reach.
 * @param {Float32Array} xs
 * @param {Float32Array} ys
 * @param {ArrayLike<number>} rows
 * @param {number} x
 * @param {number} y
 * @param {number} reach pixels
 */
export function nearest(xs, ys, rows, x, y, reach) {
  let found = -1, least = reach * reach;
  for (let i = 0; i < rows.length; i++) {
    const dx = xs[rows[i]] - x, dy = ys[rows[i]] - y, away = dx * dx + dy * dy;
    if (away < least) [found, least] = [rows[i], away];
  }
  return found;
}
