// Two goals against each other, with the trials that no other one beats in all goals.

import { cell } from "../core/columns.js";
import { colors } from "../core/canvas.js";
import { h, table, twin } from "../core/dom.js";
import { count, number, value } from "../core/format.js";
import { axisOf } from "../core/scales.js";
import { choice, panel } from "./panel.js";
import { paretoRows } from "./pareto.js";
import { MARK } from "./progress.js";
import { Scatter } from "./scatter.js";

/** @typedef {import("../core/view.js").View} View */

/**
 * @param {View} view
 * @returns {HTMLElement}
 */
export function front(view) {
  const goals = /** @type {{name: string, goal: string}[]} */ (view.sweep.goals), names = goals.map((goal) => goal.name);
  const shown = [0, Math.min(1, names.length - 1)];
  const words = h("p", { class: "sentence" });
  /** @type {number[]} */
  let rows = [];
  const scatter = new Scatter(view, "Trials by two goals", () => {
    const { columns } = view, [a, b] = shown.map((i) => columns.goals[i]);
    rows = paretoRows(columns, goals.map((goal) => goal.goal === "maximize"));
    const kinds = complete(view, shown);
    words.textContent = `${count(rows.length, "trial is", "trials are")} on the front of ${names.join(" and ")}: no other trial is better in all of them.`;
    scatter.base.setAttribute("aria-label", words.textContent);
    root.dataset.front = String(rows.length);
    const path = rows.slice().sort((p, q) => a.values[p] - a.values[q]);
    return {
      x: axisOf(a, { rows: kinds, robust: true }), y: axisOf(b, { rows: kinds, robust: true }), xs: a.values, ys: b.values, marks: kinds, path: () => path,
      lines: (context, at) => mark(context, at, path, names.length === 2),
    };
  });
  const pick = (/** @type {number} */ axis, /** @type {string} */ label) => names.length > 2
    ? choice(label, names, names[shown[axis]], (name) => {
      shown[axis] = names.indexOf(name);
      scatter.draw();
    }) : null;
  const axesText = h("p", { class: "legend" }, h("span", { class: "sign", data: { mark: "front" } }, "the front"), h("span", null, "across: ", pick(0, "Goal across") ?? direction(goals[0])), h("span", null, "up: ", pick(1, "Goal upwards") ?? direction(goals[1])));
  const root = panel("front", "Goals against each other", null, words, scatter.root, axesText, twin("The front as a table", () => twinTable(view, rows, names)));
  scatter.draw();
  return root;
}

/** @param {{name: string, goal: string}} goal */
function direction(goal) {
  return goal ? `${goal.name} (${goal.goal})` : "";
}

/**
 * @param {View} view
 * @param {number[]} shown goals
 */
function complete({ columns }, shown) {
  const done = columns.states.indexOf("complete");
  return Uint8Array.from(columns.state, (state, row) => (
    state === done && shown.every((goal) => !Number.isNaN(columns.goals[goal].values[row])) ? MARK.done : MARK.none));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scatter} at
 * @param {number[]} rows along the first axis
 * @param {boolean} joined
 */
function mark(context, { px, py }, rows, joined) {
  const c = colors();
  context.strokeStyle = context.fillStyle = c.good;
  context.lineWidth = 1.5;
  context.beginPath();
  if (joined) rows.forEach((row, i) => (i ? context.lineTo(px[row], py[row]) : context.moveTo(px[row], py[row])));
  context.stroke();
  for (const row of rows) {
    context.beginPath();
    context.arc(px[row], py[row], 4, 0, 2 * Math.PI);
    context.fill();
  }
}

/**
 * @param {View} view
 * @param {number[]} rows
 * @param {string[]} names
 */
function twinTable({ columns, params }, rows, names) {
  const shown = params.slice(0, 8);
  return table(
    "Trials of the front", ["Trial", ...names, ...shown.map((each) => each.name)],
    rows.map((row) => [number(columns.number[row]), ...columns.goals.map((goal) => number(goal.values[row])), ...shown.map((each) => value(cell(each, row)))]),
    new Set([0, ...names.map((_, i) => i + 1)]),
  );
}
