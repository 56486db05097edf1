// A few lines in one picture, as SVG: comparisons, versions of a model. Thousands of points belong on a canvas.

import { PALETTE, onWidth } from "../core/canvas.js";
import { h, replace, svg, table, twin } from "../core/dom.js";
import { number } from "../core/format.js";
import { numeric } from "../core/scales.js";

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {number[]} x
 * @property {number[]} y
 * @property {string} [color]
 * @property {boolean} [step] a value holds until the next
 * @property {string} [href] where its name leads
 */

const HEIGHT = 260, LEFT = 62, RIGHT = 12, TOP = 8, BOTTOM = 34;

/**
 * @param {Line[]} lines
 * @param {{x: string, y: string, sentence: string, whole?: boolean, format?: (x: number) => string}} words
 */
export function lineChart(lines, words) {
  const place = h("div", { class: "chart lines" });
  const drawn = lines.filter((line) => line.x.length);
  const legend = h("ul", { class: "legend" }, lines.map((line, i) => h(
    "li", null, h("i", { class: "swatch", style: { "--c": line.color ?? PALETTE[i % PALETTE.length] } }),
    line.href ? h("a", { href: line.href }, line.name) : line.name, line.x.length ? "" : " (nothing to draw)")));
  const made = h("figure", { data: { lines: String(drawn.length) } }, place, legend, h("figcaption", { class: "muted" }, words.sentence),
    twin("The same as a table", () => table("", ["", words.x, words.y], drawn.flatMap((line) => line.x.map((x, i) => [line.name, words.format?.(x) ?? number(x), number(line.y[i])])), new Set([1, 2]))));
  if (drawn.length) onWidth(place, (width) => replace(place, picture(lines, words, width)));
  else place.append(h("p", { class: "empty" }, "Nothing to draw yet."));
  return made;
}

/**
 * @param {Line[]} lines
 * @param {{x: string, y: string, sentence: string, whole?: boolean, format?: (x: number) => string}} words
 * @param {number} width
 */
function picture(lines, words, width) {
  const xs = axis(lines.flatMap((line) => line.x), false, words.whole), ys = axis(lines.flatMap((line) => line.y), true);
  const X = (/** @type {number} */ v) => LEFT + xs.to(v) * (width - LEFT - RIGHT);
  const Y = (/** @type {number} */ v) => HEIGHT - BOTTOM - ys.to(v) * (HEIGHT - TOP - BOTTOM);
  const grid = ys.ticks(5).map((tick) => {
    const y = HEIGHT - BOTTOM - tick.at * (HEIGHT - TOP - BOTTOM);
    return [svg("line", { x1: LEFT, x2: width - RIGHT, y1: y, y2: y, class: "grid" }), svg("text", { x: LEFT - 8, y: y + 4, class: "end" }, tick.label)];
  });
  const marks = xs.ticks(Math.max(2, Math.floor(width / 110))).map((tick) => {
    const x = LEFT + tick.at * (width - LEFT - RIGHT);
    return svg("text", { x, y: HEIGHT - BOTTOM + 16, class: "middle" }, words.format?.(xs.from(tick.at)) ?? tick.label);
  });
  const paths = lines.map((line, i) => {
    const color = line.color ?? PALETTE[i % PALETTE.length];
    const d = line.x.map((x, j) => `${j === 0 ? "M" : line.step ? `H${X(x).toFixed(1)}V` : "L"}${j === 0 || !line.step ? `${X(x).toFixed(1)},` : ""}${Y(line.y[j]).toFixed(1)}`).join("");
    return [svg("path", { d, class: "line", style: { stroke: color } }),
      line.x.length <= 60 ? line.x.map((x, j) => svg("circle", { cx: X(x), cy: Y(line.y[j]), r: 2.5, style: { fill: color } }, svg("title", null, `${line.name}: ${number(line.y[j])}`))) : null];
  });
  return svg("svg", { width, height: HEIGHT, role: "img", "aria-label": words.sentence }, grid, marks, paths,
    svg("text", { x: width - RIGHT, y: HEIGHT - 2, class: "end axis" }, words.x), svg("text", { x: 0, y: TOP + 4, class: "axis" }, words.y));
}

/**
 * @param {number[]} values
 * @param {boolean} room
 * @param {boolean} [whole]
 */
function axis(values, room, whole = false) {
  let [low, high] = values.reduce(([least, most], v) => [Math.min(least, v), Math.max(most, v)], [Infinity, -Infinity]);
  if (low === high) [low, high] = [low - (Math.abs(low) * 0.1 || 1), high + (Math.abs(high) * 0.1 || 1)];
  else if (room) [low, high] = [low - (high - low) * 0.05, high + (high - low) * 0.05];
  return numeric("", low, high, false, whole);
}
