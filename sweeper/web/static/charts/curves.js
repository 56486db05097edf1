// Metrics over the steps of the best trials, the ticked ones and the one under the pointer; others stand behind them.

import { onWidth, once } from "../core/canvas.js";
import { rowOf } from "../core/columns.js";
import { button, h, link, replace, table, twin } from "../core/dom.js";
import { count, number } from "../core/format.js";
import * as url from "../core/url.js";
import { band, finite, lastOf } from "./curve-data.js";
import { draw, shade } from "./curve-plot.js";
import { choice, panel, place, segments } from "./panel.js";

/** @typedef {import("../core/view.js").View} View */
/** @typedef {import("./curve-data.js").Curve} Curve */

const TOP = 5; // trials that have a colour without being ticked
const WAIT = 180; // milliseconds that the pointer rests on a trial before its curve is asked for
const STALE = 5000; // milliseconds between questions while a sweep goes on

/**
 * @param {View} view
 * @returns {HTMLElement}
 */
export function curves(view) {
  return new Curves(view).root;
}

class Curves {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.metric = url.get("curve");
    /** @type {string[]} */
    this.metrics = [];
    /** Curves that were asked for, by number; null: has none. @type {Map<number, Curve | null>} */
    this.known = new Map();
    /** Trials that stand behind. @type {number[]} */
    this.behind = [];
    this.log = false;
    /** What the reader looks at more closely. @type {{min: number, max: number} | null} */
    this.zoom = null;
    this.width = 0;
    this.asked = 0;
    /** @type {any} */
    this.plot = null;
    this.words = h("p", { class: "sentence" });
    this.stage = h("div", { class: "chart curve", role: "img" });
    this.legend = h("ul", { class: "legend", "aria-label": "Trials shown" });
    this.choices = h("span", { class: "row" });
    this.back = button("Whole range", () => {
      this.zoom = null;
      this.redraw();
    }, { class: "quiet", hidden: true });
    this.twin = twin("Curves as a table", () => this.table());
    this.root = panel("curves", "Curves", [this.back, this.choices], this.words, this.stage, this.legend, this.twin);
    /** The curve that was drawn in front. @type {Curve | null} */
    this.shown = null;
    this.refront = once(() => this.plot?.redraw(false));
    this.listen();
    void this.load();
  }

  listen() {
    const { view } = this;
    const redraw = once(() => this.redraw());
    onWidth(this.root, (width) => {
      this.width = Math.max(240, width);
      redraw();
    });
    view.on("theme", redraw);
    view.on("goal", () => void this.load());
    view.on("ticked", () => void this.want([...view.ticked]).then(redraw));
    view.on("hover", () => this.hover());
    view.on("columns", () => Date.now() - this.asked > STALE && void this.load());
  }

  /** Ask for the best and the latest trials. */
  async load() {
    const turn = (this.asked = Date.now());
    const answer = await this.view.source.curves([], this.metric).catch(() => null);
    if (!answer || turn !== this.asked) return;
    this.metrics = answer.metrics;
    this.metric = answer.metric ?? "";
    this.known = new Map(answer.curves.map((/** @type {Curve} */ curve) => [curve.number, curve]));
    this.behind = [...this.known.keys()];
    await this.want([...this.top(), ...this.view.ticked]);
    this.redraw();
  }

  /**
   * Ask for curves that are not known yet.
   * @param {number[]} numbers
   */
  async want(numbers) {
    const missing = numbers.filter((each) => !this.known.has(each));
    if (!missing.length || !this.metrics.length) return;
    const { metric } = this, answer = await this.view.source.curves(missing, metric).catch(() => ({ curves: [] }));
    if (metric !== this.metric) return;
    for (const each of missing) this.known.set(each, null);
    for (const curve of answer.curves) this.known.set(curve.number, curve);
  }

  /** Numbers of the best trials. */
  top() {
    return Array.from(this.view.ranking.subarray(0, TOP), (row) => this.view.columns.number[row]);
  }

  /** The curve of the trial under the pointer. */
  front() {
    const { hovered, columns } = this.view;
    return hovered === null ? null : this.known.get(columns.number[hovered]) ?? null;
  }

  hover() {
    const { hovered, columns } = this.view;
    clearTimeout(this.timer);
    if (this.front() !== this.shown) this.refront();
    if (hovered === null || this.known.has(columns.number[hovered])) return;
    this.timer = setTimeout(() => void this.want([columns.number[hovered]]).then(this.refront), WAIT);
  }

  /** @type {number | undefined} */
  timer;

  redraw() {
    const { view, stage, root } = this;
    const leaders = [...new Set([...this.top(), ...view.ticked])].map((each) => this.known.get(each)).filter((curve) => curve?.steps.length).map((curve) => this.styled(/** @type {Curve} */ (curve)));
    const chosen = new Set(leaders.map(({ curve }) => curve.number));
    const ghosts = this.behind.filter((each) => !chosen.has(each)).map((each) => this.known.get(each)).filter((curve) => curve?.steps.length).map((curve) => this.styled(/** @type {Curve} */ (curve)));
    const lines = leaders.length + ghosts.length;
    Object.assign(root.dataset, { lines: String(lines), metric: this.metric, leaders: String(leaders.length) });
    const { zoom } = this;
    this.plot?.destroy();
    this.plot = null;
    stage.hidden = this.twin.hidden = lines === 0;
    this.back.hidden = true;
    this.say(leaders, ghosts);
    const possible = lines > 0 && [...leaders, ...ghosts].every(({ curve }) => curve.values.every((value) => !(/** @type {number} */ (finite(value) ?? 1) <= 0)));
    this.choose(possible);
    replace(this.legend, leaders.map(({ curve, dashed }, i) => this.entry(curve, dashed, i)), ghosts.length ? h("li", { class: "sign", data: { mark: "others" } }, `${count(ghosts.length, "other")}, middle half shaded`) : null);
    if (!lines || !this.width) return;
    this.plot = draw(stage, { leaders, ghosts, band: band(ghosts.map(({ curve }) => curve)), log: possible && this.log, width: this.width }, {
      front: () => (this.shown = this.front()),
      near: (found) => view.hover(found === null ? null : this.row(found)),
      zoomed: (found) => {
        this.zoom = found;
        this.back.hidden = !found;
      },
    });
    if (zoom) this.plot.setScale("x", zoom);
  }

  /** @param {number} wanted number of a trial */
  row(wanted) {
    const found = rowOf(this.view.columns.number, wanted);
    return found < 0 ? null : found;
  }

  /** @param {Curve} curve */
  styled(curve) {
    const { columns } = this.view, row = this.row(curve.number);
    return { curve, dashed: row !== null && columns.states[columns.state[row]] === "pruned" };
  }

  /**
   * @param {{curve: Curve}[]} leaders
   * @param {{curve: Curve}[]} ghosts
   */
  say(leaders, ghosts) {
    const { view, metric, metrics } = this, ticked = leaders.filter(({ curve }) => view.ticked.has(curve.number)).length;
    const words = !metrics.length ? `No metric has a history${view.ranking.length ? ": trials report each value once." : " yet."}`
      : !leaders.length && !ghosts.length ? `No trial shown has a history of ${metric}.`
        : `${metric} over steps: ${count(leaders.length, "trial")} in colour${ticked ? `, ${ticked} of them ticked` : leaders.length > 1 ? ", the best ones" : ""}${ghosts.length ? `, ${count(ghosts.length, "other")} in grey` : ""}. Drag to zoom, double-click for the whole range.`;
    this.words.textContent = words;
    this.stage.setAttribute("aria-label", words);
  }

  /** @param {boolean} possible a log axis */
  choose(possible) {
    const { metrics } = this;
    replace(
      this.choices,
      metrics.length > 1 ? choice("Metric", metrics, this.metric, (metric) => {
        this.metric = metric;
        this.zoom = null;
        url.write({ curve: metric });
        void this.load();
      }) : null,
      possible ? segments("Scale of the metric", ["linear", "log"], this.log ? "log" : "linear", (scale) => {
        this.log = scale === "log";
        this.redraw();
      }) : null,
    );
  }

  /**
   * @param {Curve} curve
   * @param {boolean} dashed
   * @param {number} at
   */
  entry(curve, dashed, at) {
    const { view } = this, row = this.row(curve.number), address = row === null ? null : place(view, row), text = `trial ${curve.number}`;
    return h(
      "li", { class: dashed ? "dashed" : null, style: { "--shade": shade(at) }, on: { mouseenter: () => view.hover(row), mouseleave: () => view.hover(null) } },
      h("i", { class: "swatch" }), address ? link(address, text) : text, " ", h("b", null, number(lastOf(curve))), dashed ? h("span", { class: "muted" }, " pruned") : null,
    );
  }

  table() {
    const { columns } = this.view, shown = [...this.known.values()].filter((curve) => curve?.steps.length).map((curve) => /** @type {Curve} */ (curve));
    const rows = shown.map((curve) => {
      const row = this.row(curve.number), numbers = curve.values.map(finite).filter((value) => value !== null);
      return [String(curve.number), row === null ? "" : columns.states[columns.state[row]], number(curve.steps[curve.steps.length - 1]), number(lastOf(curve)), number(Math.min(...numbers)), number(Math.max(...numbers))];
    });
    return table(`${this.metric} of ${count(rows.length, "trial")}`, ["Trial", "State", "Last step", "Last value", "Smallest", "Largest"], rows, new Set([0, 2, 3, 4, 5]));
  }
}
