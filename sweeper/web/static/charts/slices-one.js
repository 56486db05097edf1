// One slice: its name, its picture, its brush, the trial under the pointer.

import { h, replace } from "../core/dom.js";
import { number } from "../core/format.js";
import { words } from "../core/filter.js";
import { hull, reaches, said } from "./brush.js";
import { brushable, conditionOn, dragging } from "./brushing.js";
import { open } from "./panel.js";
import { missing } from "./axes.js";
import { across, boxOf, drawCloud, drawFront, HEIGHT, nearest } from "./slices-plot.js";
import { tip } from "./tip.js";

/** @typedef {import("../core/view.js").View} View */
/** @typedef {import("../core/scales.js").Axis} Axis */
/** @typedef {import("../core/columns.js").Column} Column */
/** @typedef {{axis: Axis, ys: Float32Array}} Upward  the goal, shared by all slices */

const NEAR = 10;

export class Slice {
  /**
   * @param {View} view
   * @param {{axis: Axis, column: Column}} along the parameter
   * @param {Upward} up
   * @param {() => Uint32Array} front rows in front
   */
  constructor(view, { axis, column }, up, front) {
    this.view = view;
    this.axis = axis;
    this.column = column;
    this.up = up;
    this.front = front;
    this.unset = missing(column.values);
    /** @type {{cloud: boolean, front: boolean}} */
    this.dirty = { cloud: true, front: true };
    this.visible = false;
    /** @type {{x: Axis, y: Axis, xs: Float32Array, ys: Float32Array, box: import("./slices-plot.js").Box, width: number} | null} */
    this.drawn = null;
    this.layers = ["cloud", "front"].map((layer) => h("canvas", { data: { layer }, "aria-hidden": "true" }));
    this.spans = h("div", { class: "slice-spans" });
    this.dot = h("i", { class: "slice-dot", hidden: true });
    this.tip = tip();
    this.plot = h("div", { class: "slice-plot", tabindex: "0", role: "slider", "aria-valuemin": 0, "aria-valuemax": 100, "aria-label": `${axis.name}: range selected` }, this.layers, this.spans, this.dot);
    this.lane = this.unset ? h("button", { type: "button", class: "slice-unset", "aria-pressed": "false", "aria-label": `not set ${number(this.unset)}: ${axis.name}`, on: { click: () => this.toggleUnset() } }, `not set ${number(this.unset)}`) : null;
    this.element = h("div", { class: "slice chart", role: "group", data: { slice: axis.name } }, h("div", { class: "slice-head" }, h("h3", { title: `${axis.name}: ${said(axis)}` }, axis.name), this.lane), this.plot, this.tip.root);
    this.hands();
    this.update();
  }

  hands() {
    const { view, plot, axis } = this;
    brushable(plot, {
      view, axis: () => axis, flipped: () => false, length: 200,
      at: (event) => {
        const { left, width } = this.drawn?.box ?? { left: 0, width: 1 };
        return Math.max(0, Math.min(1, (event.clientX - plot.getBoundingClientRect().left - left) / width));
      },
    });
    plot.addEventListener("pointermove", (event) => {
      if (event.buttons || dragging(view)) return this.tip.hide();
      const row = this.rowAt(event);
      view.hover(row < 0 ? null : row);
      if (row < 0) return this.tip.hide();
      const { left, top } = plot.getBoundingClientRect(), head = plot.offsetTop;
      return this.tip.show(view, row, event.clientX - left, event.clientY - top + head, plot.clientWidth);
    });
    plot.addEventListener("pointerleave", () => {
      this.tip.hide();
      view.hover(null);
    });
    plot.addEventListener("click", (event) => {
      const row = event.ctrlKey || event.metaKey ? this.rowAt(event) : -1;
      if (row >= 0) open(view, row, event);
    });
  }

  /** @param {MouseEvent} event */
  rowAt(event) {
    if (!this.drawn) return -1;
    const { left, top } = this.plot.getBoundingClientRect(), { xs, ys } = this.drawn, { view } = this;
    const [x, y] = [event.clientX - left, event.clientY - top], near = nearest(xs, ys, this.front(), x, y, NEAR);
    return near < 0 && view.whole ? nearest(xs, ys, view.ranking, x, y, NEAR) : near;
  }

  /** @param {number} width */
  size(width) {
    const { view, axis, up, unset } = this, box = boxOf(width, unset > 0);
    this.drawn = { x: axis, y: up.axis, xs: across(axis, this.column.values, box), ys: up.ys, box, width };
    this.dirty = { cloud: true, front: true };
    this.update();
    this.draw(dragging(view));
    this.point();
  }

  /** @param {boolean} fast */
  draw(fast) {
    if (!this.drawn || !this.visible) return;
    if (this.dirty.cloud) drawCloud(this.layers[0], this.view, this.drawn);
    if (this.dirty.front) drawFront(this.layers[1], this.view, this.drawn, this.front(), fast);
    this.dirty = { cloud: false, front: false };
  }

  /** The brush as the selection has it. */
  update() {
    const { view, axis, plot } = this, condition = conditionOn(view, axis.name), text = condition ? words(condition, number) : "all";
    const { left, width } = this.drawn?.box ?? { left: 0, width: 0 };
    replace(this.spans, reaches(axis, condition).map(([from, to]) => h("i", {
      class: "slice-span", style: { left: `${left + from * width - (from === to ? 2 : 0)}px`, width: `${Math.max(4, (to - from) * width)}px` },
    })));
    const [low, high] = hull(axis, condition) ?? [0, 1];
    this.element.setAttribute("aria-label", `${view.value?.name ?? "goal"} over ${axis.name}, ${said(axis)}; ${condition ? `selected: ${text}` : "not restricted"}`);
    this.element.toggleAttribute("data-brushed", Boolean(condition));
    plot.setAttribute("aria-valuenow", String(Math.round(high * 100)));
    plot.setAttribute("aria-valuetext", condition ? text : `all, ${said(axis)}`);
    Object.assign(plot.dataset, { low: low.toFixed(4), high: high.toFixed(4) });
    this.lane?.setAttribute("aria-pressed", String(Boolean(condition && "unset" in condition)));
  }

  /** Mark the trial under the pointer, wherever that is. */
  point() {
    const { view: { hovered }, drawn, dot } = this, y = hovered === null || !drawn ? NaN : drawn.ys[hovered];
    dot.hidden = Number.isNaN(y);
    if (dot.hidden || !drawn || hovered === null) return;
    dot.style.setProperty("transform", `translate(${drawn.xs[hovered] - 5}px, ${Math.min(y, HEIGHT) - 5}px)`);
  }

  toggleUnset() {
    const { view, axis } = this, condition = conditionOn(view, axis.name);
    view.restrict(axis.name, condition && "unset" in condition ? null : { name: axis.name, unset: true });
  }
}
