// A cloud of trials on two axes: drawn fast however many there are, asked by pointer and keys, coloured by the selection.

import { colors, fit, onWidth } from "../core/canvas.js";
import { h } from "../core/dom.js";
import { grouped } from "../core/format.js";
import { cloud } from "./cloud.js";
import { drawAxes, labelWidth } from "./frame.js";
import { open, soon } from "./panel.js";
import { MARK, valued } from "./progress.js";
import { tip } from "./tip.js";

/** @typedef {import("../core/view.js").View} View */
/** @typedef {import("../core/scales.js").Axis} Axis */
/** @typedef {import("./frame.js").Box} Box */

/**
 * @typedef {object} Scene
 * @property {Axis} x
 * @property {Axis} y
 * @property {ArrayLike<number>} xs by row
 * @property {ArrayLike<number>} ys by row
 * @property {Uint8Array} marks by row, of MARK
 * @property {() => ArrayLike<number>} path rows that the arrow keys go along
 * @property {(context: CanvasRenderingContext2D, scatter: Scatter) => void} [lines] drawn over the cloud
 */

const TALL = 230, LOW = 64; // pixels: with values, and with the lane alone
const LANE = 16, NEAR = 22, FEW = 2500;
const RADIUS = 3;

export class Scatter {
  /**
   * @param {View} view
   * @param {string} label
   * @param {() => Scene} compute
   */
  constructor(view, label, compute) {
    this.view = view;
    this.compute = compute;
    this.base = h("canvas", { role: "img", "aria-label": label });
    this.chosen = h("canvas", { class: "over", "aria-hidden": "true" });
    this.over = h("canvas", { class: "over", "aria-hidden": "true" });
    this.tip = tip();
    this.root = h("div", { class: "chart scatter", tabindex: "0", role: "group", "aria-label": `${label}: arrow keys go from trial to trial, Enter opens one` }, this.base, this.chosen, this.over, this.tip.root);
    this.width = this.height = 0;
    /** @type {Box} */
    this.box = { left: 0, top: 0, width: 0, height: 0 };
    this.px = new Float32Array();
    this.py = new Float32Array();
    /** @type {Scene | null} */
    this.scene = null;
    this.beyond = { above: 0, below: 0 };
    this.faded = false;
    /** The pointer or the keys are here. */
    this.inside = false;
    /** A finger looks, it does not open. */
    this.touch = false;
    onWidth(this.root, (width) => {
      this.width = width;
      this.draw();
    });
    this.listen();
  }

  listen() {
    const { view, root } = this;
    const draw = soon(view, () => this.draw()), paint = soon(view, () => this.select());
    view.on("columns", draw);
    view.on("goal", draw);
    view.on("theme", draw);
    view.on("selection", paint);
    view.on("hover", () => this.paint());
    root.addEventListener("pointermove", (event) => this.point(event));
    root.addEventListener("pointerdown", (event) => this.point(event));
    root.addEventListener("pointerleave", () => this.leave());
    root.addEventListener("blur", () => this.leave());
    root.addEventListener("click", (event) => view.hovered !== null && this.inside && !this.touch && open(view, view.hovered, event));
    root.addEventListener("keydown", (event) => this.key(event));
  }

  /** Draw all anew. */
  draw() {
    const scene = (this.scene = this.compute());
    this.root.hidden = !scene.marks.some((mark) => mark !== MARK.none);
    if (!this.width || this.root.hidden) return;
    const height = (this.height = scene.marks.some(valued) ? TALL : LOW);
    const context = fit(this.base, this.width, height), c = colors();
    const lane = scene.marks.some((mark) => mark > MARK.pruned) ? LANE : 0;
    const left = labelWidth(context, scene.y, 5) + 14;
    this.box = { left, top: 8, width: Math.max(40, this.width - left - 12), height: height - 8 - 26 - lane };
    context.clearRect(0, 0, this.width, height);
    drawAxes(context, this.box, scene.x, scene.y, c, lane);
    this.place(scene, lane);
    this.faded = !this.view.whole;
    context.globalAlpha = this.faded ? 0.45 : 1;
    this.root.dataset.drawn = String(this.dots(context, null));
    context.globalAlpha = 1;
    this.lane(context, lane);
    this.edges(context);
    scene.lines?.(context, this);
    this.color();
    this.paint();
  }

  /**
   * Where each row lies, in pixels.
   * @param {Scene} scene
   * @param {number} lane its height
   */
  place({ x, y, xs, ys, marks }, lane) {
    const { left, top, width, height } = this.box, n = marks.length, bottom = top + height;
    if (this.px.length !== n) [this.px, this.py] = [new Float32Array(n), new Float32Array(n)];
    this.beyond = { above: 0, below: 0 };
    for (let row = 0; row < n; row++) {
      this.px[row] = marks[row] === MARK.none ? NaN : left + x.to(xs[row]) * width;
      const at = valued(marks[row]) ? y.to(ys[row]) : NaN;
      if (Number.isNaN(at)) this.py[row] = bottom + lane / 2 + 2;
      else if (at > 1) [this.py[row], this.beyond.above] = [top, this.beyond.above + 1];
      else if (at < 0) [this.py[row], this.beyond.below] = [bottom, this.beyond.below + 1];
      else this.py[row] = bottom - at * height;
    }
  }

  /**
   * Draw the trials with values, all or the selected ones.
   * @param {CanvasRenderingContext2D} context
   * @param {Uint8Array | null} mask
   */
  dots(context, mask) {
    const { px, py, scene, width, height } = this, { marks } = /** @type {Scene} */ (scene), c = colors(), shade = mask ? c.accent : c.cloud;
    const shown = (/** @type {number} */ row) => valued(marks[row]) && (!mask || mask[row] === 1);
    if (marks.length > FEW) return cloud(context, { px, py, width, height }, shown, shade);
    const done = new Path2D(), rings = new Path2D();
    let drawn = 0;
    for (let row = 0; row < marks.length; row++) {
      if (!shown(row) || Number.isNaN(px[row])) continue;
      circle(marks[row] === MARK.done ? done : rings, px[row], py[row]);
      drawn++;
    }
    context.fillStyle = context.strokeStyle = shade;
    context.fill(done);
    context.lineWidth = 1.2;
    context.stroke(rings);
    return drawn;
  }

  /**
   * Trials without a value stand below the chart; where they are many, each pixel is as strong as their share in it.
   * @param {CanvasRenderingContext2D} context
   * @param {number} height
   */
  lane(context, height) {
    if (!height) return;
    const { px, scene, box, width } = this, { marks } = /** @type {Scene} */ (scene), c = colors(), top = box.top + box.height + 3;
    const shades = { [MARK.cut]: c.warn, [MARK.failed]: c.bad, [MARK.dropped]: c.muted, [MARK.running]: c.accent };
    const all = new Uint32Array(width + 1), own = new Uint32Array(width + 1);
    for (let row = 0; row < marks.length; row++) if (px[row] >= 0) all[Math.round(px[row])]++;
    context.fillStyle = c.faint;
    context.fillRect(box.left, top - 3, box.width, 1);
    for (const [mark, shade] of Object.entries(shades)) {
      own.fill(0);
      for (let row = 0; row < marks.length; row++) if (marks[row] === Number(mark) && px[row] >= 0) own[Math.round(px[row])]++;
      context.fillStyle = shade;
      for (let x = 0; x <= width; x++) {
        if (!own[x]) continue;
        context.globalAlpha = Number(mark) === MARK.running ? 1 : 0.15 + 0.85 * (own[x] / all[x]);
        if (Number(mark) === MARK.running) triangle(context, x, top + 1);
        else context.fillRect(x - 1, top, all[x] > 3 ? 1 : 2, height - 5);
      }
    }
    context.globalAlpha = 1;
  }

  /**
   * Say how many lie beyond the ends.
   * @param {CanvasRenderingContext2D} context
   */
  edges(context) {
    const { above, below } = this.beyond, { left, top, width, height } = this.box;
    context.fillStyle = colors().muted;
    context.textAlign = "right";
    context.textBaseline = "top";
    if (above) context.fillText(`▲ ${grouped(above)} above`, left + width, top);
    context.textBaseline = "bottom";
    if (below) context.fillText(`▼ ${grouped(below)} below`, left + width, top + height - 2);
  }

  /** The selection has changed. */
  select() {
    if (this.faded === this.view.whole) this.draw();
    else this.color();
  }

  /** Whether what was computed is of the trials as they are. */
  get current() {
    return this.width > 0 && this.scene !== null && this.px.length === this.view.columns.n;
  }

  /** Draw the selected trials over the others. */
  color() {
    if (!this.current) return;
    const context = fit(this.chosen, this.width, this.height);
    context.clearRect(0, 0, this.width, this.height);
    if (!this.view.whole) this.dots(context, this.view.mask);
  }

  /** Draw the one under the pointer. */
  paint() {
    if (!this.current) return;
    const context = fit(this.over, this.width, this.height), { hovered } = this.view;
    context.clearRect(0, 0, this.width, this.height);
    if (hovered === null || !(this.px[hovered] >= 0)) return;
    context.strokeStyle = colors().ink;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(this.px[hovered], this.py[hovered], RADIUS + 2.5, 0, 2 * Math.PI);
    context.stroke();
  }

  /** @param {PointerEvent} event */
  point(event) {
    const { left, top } = this.root.getBoundingClientRect();
    const row = this.nearest(event.clientX - left, event.clientY - top);
    this.inside = true;
    this.touch = event.pointerType === "touch";
    this.hold(row);
  }

  leave() {
    if (!this.inside) return;
    this.inside = false;
    this.hold(null);
  }

  /** @param {number | null} row */
  hold(row) {
    this.view.hover(row);
    this.root.classList.toggle("points", row !== null && this.view.columns.ids.length > 0);
    if (row === null) this.tip.hide();
    else this.tip.show(this.view, row, this.px[row], this.py[row], this.width);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  nearest(x, y) {
    let found = null, least = NEAR * NEAR;
    for (let row = 0; row < this.px.length; row++) {
      const dx = this.px[row] - x, dy = this.py[row] - y, away = dx * dx + dy * dy;
      if (away < least) [found, least] = [row, away];
    }
    return found;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { hovered } = this.view;
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Enter" && hovered !== null) open(this.view, hovered, event);
    else if (event.key === "Escape") this.leave();
    else if (step && this.scene) {
      event.preventDefault();
      const path = this.scene.path();
      const now = hovered === null ? -1 : Array.prototype.indexOf.call(path, hovered);
      const next = now < 0 && Number.isFinite(step) ? (step > 0 ? 0 : path.length - 1) : now + step;
      this.inside = true;
      this.hold(path[Math.max(0, Math.min(path.length - 1, next))]);
    }
  }
}

/**
 * @param {Path2D} path
 * @param {number} x
 * @param {number} y
 */
function circle(path, x, y) {
  path.moveTo(x + RADIUS, y);
  path.arc(x, y, RADIUS, 0, 2 * Math.PI);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 */
function triangle(context, x, y) {
  context.beginPath();
  context.moveTo(x - 3, y);
  context.lineTo(x + 5, y + 4.5);
  context.lineTo(x - 3, y + 9);
  context.fill();
}
