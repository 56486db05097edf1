// What stands around the marks of a chart: its axes with their ticks, and the lines that help the eye across.

import { duration } from "../core/format.js";
import { numeric } from "../core/scales.js";

/** @typedef {import("../core/scales.js").Axis} Axis */
/** @typedef {import("../core/canvas.js").Colors} Colors */
/** @typedef {{left: number, top: number, width: number, height: number}} Box */

export const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const GAP = 8;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
const DAY = 86400;

/**
 * How wide the labels of an axis are.
 * @param {CanvasRenderingContext2D} context
 * @param {Axis} axis
 * @param {number} most ticks
 */
export function labelWidth(context, axis, most) {
  context.font = FONT;
  return Math.ceil(Math.max(0, ...axis.ticks(most).map((tick) => context.measureText(tick.label).width)));
}

/**
 * Draw both axes; `x` is marked along the lower edge of the box, `below` further down.
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {Axis} x
 * @param {Axis} y
 * @param {Colors} colors
 * @param {number} [below]
 */
export function drawAxes(context, box, x, y, colors, below = 0) {
  const { left, top, width, height } = box, bottom = top + height;
  context.font = FONT;
  context.lineWidth = 1;
  context.strokeStyle = colors.faint;
  context.fillStyle = colors.muted;
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.beginPath();
  for (const { at, label } of y.ticks(Math.max(2, Math.floor(height / 30)))) {
    if (at < -1e-6 || at > 1 + 1e-6) continue;
    const place = Math.round(bottom - at * height) + 0.5;
    context.moveTo(left, place);
    context.lineTo(left + width, place);
    context.fillText(label, left - GAP, place);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const { at, label } of x.ticks(Math.max(2, Math.floor(width / 80)))) {
    if (at < -1e-6 || at > 1 + 1e-6) continue;
    const place = Math.round(left + at * width) + 0.5, half = context.measureText(label).width / 2;
    context.moveTo(place, bottom + below);
    context.lineTo(place, bottom + below + 4);
    context.fillText(label, Math.min(place, left + width + GAP - half), bottom + below + 6);
  }
  context.stroke();
}

/**
 * An axis of seconds with marks at whole minutes, hours or days.
 * @param {number} high seconds
 * @returns {Axis}
 */
export function timeAxis(high) {
  const axis = numeric("time", 0, high > 0 ? high : 1);
  const ticks = (most = 6) => {
    const step = STEPS.find((each) => high / each <= most) ?? Math.ceil(high / DAY / most) * DAY;
    if (high < most) return axis.ticks(most).map((tick) => ({ ...tick, label: duration(axis.from(tick.at)) || "0" }));
    return Array.from({ length: Math.floor(high / step) + 1 }, (_, i) => ({ at: axis.to(i * step), label: i ? duration(i * step) : "0" }));
  };
  return { ...axis, ticks };
}
