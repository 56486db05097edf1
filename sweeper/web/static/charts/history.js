// The values of all trials in the order they came, and the best so far: by trial, by time, by cost.

import { colors } from "../core/canvas.js";
import { h, replace, table, twin } from "../core/dom.js";
import { count, duration, grouped, number } from "../core/format.js";
import { numeric } from "../core/scales.js";
import { timeAxis } from "./frame.js";
import { order } from "./order.js";
import { goalChoice, panel, segments } from "./panel.js";
import { MARK, along, axes, logarithmic, marks, sentence, stairs, valueAxis, valued } from "./progress.js";
import { Scatter } from "./scatter.js";

/** @typedef {import("../core/view.js").View} View */
/** @typedef {import("./progress.js").By} By */

const WORDS = { [MARK.done]: "complete", [MARK.pruned]: "pruned", [MARK.failed]: "failed", [MARK.running]: "running", [MARK.cut]: "pruned before a value", [MARK.dropped]: "without a value" };

/**
 * @param {View} view
 * @returns {HTMLElement}
 */
export function history(view) {
  /** @type {{by: By, log: boolean | null}} `log` null: as it reads better */
  const state = { by: "trial", log: null };
  const words = h("p", { class: "sentence" }), legend = h("span", { class: "legend" }), chosen = h("span", { class: "sign", data: { mark: "selected" } }), tools = h("span", { class: "row" });
  /** @type {number[]} */
  let steps = [];
  const scatter = new Scatter(view, "Values of trials and the best so far", () => {
    const { columns, value } = view, values = value?.values ?? new Float64Array(columns.n).fill(NaN);
    const kinds = marks(columns, values), xs = along(columns, state.by), best = view.ranking[0];
    const { possible, better } = logarithmic(values, kinds), log = possible && (state.log ?? better);
    steps = stairs(kinds, values, xs, view.maximize);
    const text = sentence(columns, value?.name ?? "the goal", values, best);
    words.textContent = text;
    scatter.base.setAttribute("aria-label", text);
    replace(legend, steps.length ? h("span", { class: "sign", data: { mark: "best so far" } }, "best so far") : null, key(kinds));
    replace(tools, chooseAxis(view, state, () => scatter.draw()), possible ? chooseLog(state, log, () => scatter.draw()) : null);
    improved.hidden = steps.length === 0;
    Object.assign(root.dataset, {
      best: best === undefined ? "" : String(columns.number[best]), points: String(kinds.reduce((sum, kind) => sum + Number(kind !== MARK.none), 0)),
      x: state.by, y: log ? "log" : "linear", steps: String(steps.length),
    });
    const y = value && kinds.some(valued) ? valueAxis(value, kinds, best, log) : { ...numeric("", 0, 1), ticks: () => [] };
    return { x: horizontal(xs, kinds, state.by), y, xs, ys: values, marks: kinds, path: () => order(xs).filter((row) => kinds[row] !== MARK.none && !Number.isNaN(xs[row])), lines: (context, at) => line(context, at, steps) };
  });
  const improved = twin("Each improvement as a table", () => improvements(view, steps));
  const root = panel("history", "Best so far", [goalChoice(view), tools], words, scatter.root, h("p", { class: "legend" }, legend, chosen), improved);
  const tally = () => {
    chosen.hidden = view.whole;
    chosen.textContent = `${grouped(view.selected)} selected`;
  };
  view.on("selection", tally);
  tally();
  scatter.draw();
  return root;
}

/**
 * @param {View} view
 * @param {{by: By}} state
 * @param {() => void} draw
 */
function chooseAxis(view, state, draw) {
  const found = axes(view.columns);
  if (found.length < 2) return null;
  if (!found.includes(state.by)) state.by = "trial";
  return segments("Along", found, state.by, (by) => {
    state.by = by;
    draw();
  });
}

/**
 * @param {{log: boolean | null}} state
 * @param {boolean} log
 * @param {() => void} draw
 */
function chooseLog(state, log, draw) {
  return segments("Scale of values", ["linear", "log"], log ? "log" : "linear", (scale) => {
    state.log = scale === "log";
    draw();
  });
}

/**
 * @param {Float64Array} xs
 * @param {Uint8Array} kinds
 * @param {By} by
 */
function horizontal(xs, kinds, by) {
  let low = Infinity, high = -Infinity;
  for (let row = 0; row < xs.length; row++) {
    if (kinds[row] === MARK.none || Number.isNaN(xs[row])) continue;
    low = Math.min(low, xs[row]);
    high = Math.max(high, xs[row]);
  }
  if (!(low <= high)) [low, high] = [0, 1];
  if (by === "time") return timeAxis(high);
  return by === "cost" ? numeric("cost", 0, high || 1) : numeric("trial", low, Math.max(high, low + 1), false, true);
}

/**
 * The best so far as stairs, its last step marked.
 * @param {CanvasRenderingContext2D} context
 * @param {Scatter} at
 * @param {number[]} steps
 */
function line(context, { px, py, box }, steps) {
  if (!steps.length) return;
  const c = colors(), last = steps[steps.length - 1];
  context.strokeStyle = c.good;
  context.lineWidth = 2;
  context.lineJoin = "round";
  context.beginPath();
  context.moveTo(px[steps[0]], py[steps[0]]);
  steps.slice(1).forEach((row, i) => {
    context.lineTo(px[row], py[steps[i]]);
    context.lineTo(px[row], py[row]);
  });
  context.lineTo(box.left + box.width, py[last]);
  context.stroke();
  context.fillStyle = c.good;
  context.beginPath();
  context.arc(px[last], py[last], 4.5, 0, 2 * Math.PI);
  context.fill();
}

/** @param {Uint8Array} kinds */
function key(kinds) {
  const counts = new Map();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Object.entries(WORDS).filter(([kind]) => counts.has(Number(kind)))
    .map(([kind, word]) => h("span", { class: "sign", data: { mark: word } }, `${grouped(counts.get(Number(kind)))} ${word}`));
}

/**
 * @param {View} view
 * @param {number[]} steps
 */
function improvements(view, steps) {
  const { columns, value } = view;
  const rows = steps.map((row) => [
    number(columns.number[row]), number(value?.values[row]), duration(columns.start[row] + (columns.seconds[row] || 0)),
  ]);
  return table(count(rows.length, "improvement"), ["Trial", value?.name ?? "value", "After"], rows, new Set([0, 1, 2]));
}
