// The lines of parallel coordinates in three layers: all trials as a cloud, the trials in front, the one pointed at.

import { colors, fit } from "../core/canvas.js";
import { rowOf } from "../core/columns.js";
import { h } from "../core/dom.js";
import { addLines, blit, raster, rgb } from "./density.js";
import { colored, focus, gradual, ramp, stateColor, thinned, weights } from "./focus.js";
import { HEIGHT } from "./parcoords-pick.js";
import { work } from "./work.js";

/** @typedef {import("../core/view.js").View} View */
/** @typedef {{xs: number[], ys: Float32Array[], width: number}} Lines where the axes stand and each row's height on them */

const SINGLE = 1500; // more lines than this are counted, not stroked
const FRONT = 300; // more lines in front than this are counted too, and the best of them stroked
const BEST = { full: 40, fast: 24 };
const MOST = { full: 1500, fast: 80 }; // lines stroked at all
const COUNTED = { full: 10000, fast: 1500 }; // lines counted; more look the same
const TICKED = 50; // trials ticked one by one that are marked
const CHUNK = 4000, BATCH = 12;
const STEP = 2, FAST_STEP = 4; // pixels of the page for one of a raster's columns

export class Plot {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    /** @type {Lines} */
    this.lines = { xs: [], ys: [], width: 0 };
    this.by = "";
    this.drawn = 0;
    /** Rows in front as they were drawn: those with a value, the best first, then the others. @type {Uint32Array[]} */
    this.front = [];
    this.canvases = ["cloud", "front", "over"].map((layer) => h("canvas", { class: "pc-layer", data: { layer }, "aria-hidden": "true" }));
    this.spare = document.createElement("canvas");
    this.works = { cloud: work(), front: work() };
    this.finished = () => {};
  }

  /**
   * Draw all that does not depend on the selection.
   * @param {Lines} lines
   */
  place(lines) {
    this.lines = lines;
    this.drawCloud();
    this.drawOver();
  }

  drawCloud() {
    const { view, lines } = this, rows = view.ranking;
    const context = fit(this.canvases[0], lines.width, HEIGHT);
    context.clearRect(0, 0, lines.width, HEIGHT);
    this.works.cloud.stop();
    if (lines.xs.length < 2) return;
    const { cloud } = colors();
    if (rows.length <= SINGLE) {
      context.globalAlpha = rows.length < 200 ? 0.5 : 0.28;
      strokeAll(context, lines, rows, cloud);
      return;
    }
    const some = thinned(rows, COUNTED.full), counted = empty(lines, STEP, false);
    this.works.cloud.run(counting(counted, lines, some, STEP, null), () => {
      blit(context, counted, [rgb(cloud)], { lines: some.length, most: 0.75, wide: STEP, high: 1, smooth: true });
    });
  }

  /** @param {boolean} fast while a brush is dragged: a sample */
  drawFront(fast) {
    const { view, lines, by } = this;
    const { ranked, others } = focus(view, by !== "");
    this.front = [ranked, others];
    this.works.front.stop();
    if (lines.xs.length < 2) return this.end(0);
    const target = this.canvases[1];
    if (fast) {
      const context = cleared(target, lines.width);
      for (const _ of this.drawing(context, ranked, others, true)) { /* at once */ }
      return undefined;
    }
    const context = cleared(this.spare, lines.width);
    this.works.front.run(this.drawing(context, ranked, others, false), () => {
      const onto = cleared(target, lines.width);
      onto.drawImage(this.spare, 0, 0, lines.width, HEIGHT);
      this.end(Math.min(ranked.length, gradual(view, by) ? COUNTED.full : MOST.full) + Math.min(others.length, MOST.full / 2));
    });
    return undefined;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Uint32Array} ranked
   * @param {Uint32Array} others
   * @param {boolean} fast
   * @returns {Generator<void>}
   */
  * drawing(context, ranked, others, fast) {
    const { lines, by, view } = this, { states, state } = view.columns, most = fast ? MOST.fast : MOST.full;
    const unvalued = thinned(others, most / 2);
    yield* stroking(context, lines, unvalued, (row) => stateColor(states[state[row]]), ranked.length === 0 ? 1 : unvalued.length > FRONT ? 0.4 : 0.6);
    if (ranked.length <= FRONT || !gradual(view, by)) {
      const rows = thinned(ranked, ranked.length <= FRONT ? FRONT : most);
      return yield* stroking(context, lines, rows, colored(view, by, rows), 1);
    }
    const rows = thinned(ranked, fast ? COUNTED.fast : COUNTED.full), step = fast ? FAST_STEP : STEP, counted = empty(lines, step, true);
    yield* counting(counted, lines, rows, step, weights(view, by, rows).map((each) => (Number.isNaN(each) ? 1 : each)));
    blit(context, counted, ramp(), { lines: rows.length, most: 0.95, wide: step, high: 1, smooth: true });
    if (by) return undefined;
    const color = colored(view, by, ranked.subarray(0, 2))(ranked[0], 0);
    return yield* stroking(context, lines, ranked.subarray(0, fast ? BEST.fast : BEST.full), () => color, 0.8);
  }

  drawOver() {
    const { lines, view } = this, context = cleared(this.canvases[2], lines.width), row = view.hovered;
    const { ink, surface, accent } = colors();
    for (const each of [...view.ticked].slice(0, TICKED)) {
      const ticked = rowOf(view.columns.number, each);
      if (ticked >= 0) halo(context, lines, ticked, accent, surface, 1.5);
    }
    if (row !== null && row < view.columns.n) halo(context, lines, row, ink, surface, 2);
  }

  /** @param {number} drawn */
  end(drawn) {
    this.drawn = drawn;
    this.finished();
  }
}

/**
 * @param {Lines} lines
 * @param {number} step
 * @param {boolean} weighted
 */
function empty(lines, step, weighted) {
  return raster(lines.width / step, HEIGHT, weighted);
}

/**
 * @param {import("./density.js").Raster} into
 * @param {Lines} lines
 * @param {Uint32Array} rows
 * @param {number} step
 * @param {Float32Array | null} weighing
 * @returns {Generator<void>}
 */
function* counting(into, lines, rows, step, weighing) {
  const xs = lines.xs.map((x) => x / step);
  for (let from = 0; from < rows.length; from += CHUNK) {
    addLines(into, xs, lines.ys, rows, from, Math.min(rows.length, from + CHUNK), weighing);
    yield;
  }
}

/**
 * Lines in their colours, the first rows on top.
 * @param {CanvasRenderingContext2D} context
 * @param {Lines} lines
 * @param {Uint32Array} rows
 * @param {(row: number, place: number) => string} colorOf
 * @param {number} strength
 * @returns {Generator<void>}
 */
function* stroking(context, lines, rows, colorOf, strength) {
  context.lineWidth = rows.length < 100 ? 1.5 : 1;
  const alpha = strength * Math.max(0.3, Math.min(0.9, 0.9 * (40 / Math.max(1, rows.length)) ** 0.25));
  let color = "", open = 0;
  for (let place = rows.length - 1; place >= 0; place--) {
    const next = colorOf(rows[place], place);
    if (open && (next !== color || open === BATCH)) {
      context.stroke();
      open = 0;
      yield;
    }
    if (!open) {
      context.globalAlpha = alpha * (1 - (0.5 * place) / rows.length);
      context.strokeStyle = color = next;
      context.beginPath();
    }
    trace(context, lines, rows[place]);
    open++;
  }
  if (open) context.stroke();
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Lines} lines
 * @param {Uint32Array} rows
 * @param {string} color
 */
function strokeAll(context, lines, rows, color) {
  context.lineWidth = 1;
  context.strokeStyle = color;
  for (let from = 0; from < rows.length; from += BATCH) {
    context.beginPath();
    for (const row of rows.subarray(from, from + BATCH)) trace(context, lines, row);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Lines} lines
 * @param {number} row
 */
function trace(context, { xs, ys }, row) {
  context.moveTo(xs[0], ys[0][row]);
  for (let axis = 1; axis < xs.length; axis++) context.lineTo(xs[axis], ys[axis][row]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Lines} lines
 * @param {number} row
 * @param {string} color
 * @param {string} surface
 * @param {number} width
 */
function halo(context, lines, row, color, surface, width) {
  for (const [stroke, thick] of /** @type {[string, number][]} */ ([[surface, width + 3], [color, width]])) {
    context.strokeStyle = stroke;
    context.lineWidth = thick;
    context.beginPath();
    trace(context, lines, row);
    context.stroke();
  }
  context.fillStyle = color;
  lines.xs.forEach((x, axis) => {
    context.beginPath();
    context.arc(x, lines.ys[axis][row], width + 1.5, 0, 2 * Math.PI);
    context.fill();
  });
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 */
function cleared(canvas, width) {
  const context = fit(canvas, width, HEIGHT);
  context.clearRect(0, 0, width, HEIGHT);
  return context;
}
