// The drawing of curves by uPlot, with the page's colours, a cursor that finds the nearest, and one curve in front.

import UPlot from "../vendor/uplot.js";
import { PALETTE, colors } from "../core/canvas.js";
import { number } from "../core/format.js";
import { aligned, finite } from "./curve-data.js";
import { FONT } from "./frame.js";

/** @typedef {import("./curve-data.js").Curve} Curve */

/**
 * @typedef {object} Picture
 * @property {{curve: Curve, dashed: boolean}[]} leaders each with a colour of its own
 * @property {{curve: Curve, dashed: boolean}[]} ghosts
 * @property {{low: Curve, middle: Curve, high: Curve} | null} band
 * @property {boolean} log
 * @property {number} width
 */

const HEIGHT = 280, NEAR = 24;
const WHOLE = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((factor) => factor * 10 ** power)).flat(); // steps have no fractions

/**
 * @param {number} place among the leaders
 */
export function shade(place) {
  return PALETTE[place % PALETTE.length];
}

/**
 * @param {HTMLElement} element
 * @param {Picture} picture
 * @param {{front: () => Curve | null, near: (number: number | null) => void, zoomed: (range: {min: number, max: number} | null) => void}} told
 * @returns {UPlot}
 */
export function draw(element, picture, told) {
  const { leaders, ghosts, band, log, width } = picture, c = colors();
  const edges = band ? [band.low, band.high, band.middle] : [];
  const lines = [...ghosts, ...leaders], curves = [...edges, ...lines.map((each) => each.curve)];
  const data = aligned(curves);
  const { low, high } = span(data[0]);
  const axis = { stroke: c.muted, font: FONT, grid: { stroke: c.faint, width: 1 }, ticks: { stroke: c.faint, width: 1, size: 4 } };
  const series = [
    {},
    ...edges.map((_, i) => ({ stroke: i === 2 ? c.muted : "transparent", width: i === 2 ? 1.5 : 0, dash: i === 2 ? [2, 3] : undefined, points: { show: false } })),
    ...lines.map(({ curve, dashed }, i) => ({
      label: String(curve.number), stroke: i < ghosts.length ? c.cloud : shade(i - ghosts.length), width: i < ghosts.length ? 0.7 : 2, alpha: i < ghosts.length ? 0.55 : 1,
      dash: dashed ? [6, 4] : undefined, points: { show: curve.steps.length === 1 },
    })),
  ];
  return new UPlot({
    width, height: HEIGHT, series, legend: { show: false },
    scales: { x: { time: false, ...(low === high ? { range: [low - 1, high + 1] } : {}) }, y: log ? { distr: 3 } : {} },
    axes: [{ ...axis, space: 70, incrs: WHOLE, values: (_, found) => found.map((each) => number(each)) }, { ...axis, size: (_, texts) => 18 + 7 * Math.max(3, ...(texts ?? []).map((text) => text?.length ?? 0)), values: (_, found) => found.map((each) => (each === null ? "" : number(each))) }],
    bands: band ? [{ series: [2, 1], fill: faint(c.cloud) }] : [],
    cursor: { drag: { x: true, y: false }, focus: { prox: NEAR }, points: { size: 6 }, y: false },
    focus: { alpha: 0.35 },
    hooks: {
      setSeries: [(_, place) => told.near(place === null || place <= edges.length ? null : lines[place - 1 - edges.length].curve.number)],
      setScale: [(plot, key) => key === "x" && told.zoomed(closer(plot, low, high))],
      draw: [(plot) => inFront(plot, told.front(), c.ink)],
    },
  }, /** @type {any} */ (data), element);
}

/**
 * @param {UPlot} plot
 * @param {Curve | null} curve
 * @param {string} ink
 */
function inFront(plot, curve, ink) {
  if (!curve) return;
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.beginPath();
  curve.steps.forEach((step, i) => {
    const value = finite(curve.values[i]);
    if (value !== null) ctx.lineTo(plot.valToPos(step, "x", true), plot.valToPos(value, "y", true));
  });
  ctx.strokeStyle = ink;
  ctx.lineWidth = 3 * (globalThis.devicePixelRatio || 1);
  ctx.stroke();
  ctx.restore();
}

/**
 * The range that is looked at, when it is not the whole.
 * @param {UPlot} plot
 * @param {number} low
 * @param {number} high
 */
function closer(plot, low, high) {
  const { min, max } = plot.scales.x;
  return low === high || (min === low && max === high) ? null : { min: Number(min), max: Number(max) };
}

/** @param {number[]} steps */
function span(steps) {
  return { low: steps[0] ?? 0, high: steps[steps.length - 1] ?? 1 };
}

/** @param {string} hex */
function faint(hex) {
  return /^#[0-9a-f]{6}$/i.test(hex) ? `${hex}30` : hex;
}
