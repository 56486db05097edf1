// The best so far in a few pixels.

import { svg } from "../core/dom.js";
import { number } from "../core/format.js";

const WIDTH = 96, HEIGHT = 24, ROOM = 3;

/**
 * @param {(number | string | null)[]} values the best so far, in the order of trials
 * @param {boolean} maximize
 * @returns {SVGElement}
 */
export function sparkline(values, maximize) {
  const known = values.filter((value) => typeof value === "number" && Number.isFinite(value)).map(Number);
  const first = known[0], last = known[known.length - 1];
  const words = known.length === 0 ? "no value yet" : known.length === 1 || first === last
    ? `best so far ${number(last)}` : `best so far from ${number(first)} ${maximize ? "up" : "down"} to ${number(last)}`;
  const points = places(known);
  const end = points[points.length - 1];
  return svg(
    "svg", { class: "spark", width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": words, data: { values: known.length } },
    svg("title", null, words),
    points.length > 1 ? svg("polyline", { points: points.map((point) => point.join(",")).join(" ") }) : null,
    end ? svg("circle", { cx: end[0], cy: end[1], r: 2.2 }) : null,
  );
}

/**
 * Where each value lies; a level line when all are alike.
 * @param {number[]} values
 * @returns {[number, number][]}
 */
export function places(values) {
  const low = Math.min(...values), high = Math.max(...values), height = HEIGHT - 2 * ROOM, width = WIDTH - 2 * ROOM;
  return values.map((value, i) => [
    round(ROOM + (values.length > 1 ? (i / (values.length - 1)) * width : width)),
    round(high > low ? ROOM + (1 - (value - low) / (high - low)) * height : HEIGHT / 2),
  ]);
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
