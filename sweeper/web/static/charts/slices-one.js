// One slice: its name, its picture, its brush, the trial under the pointer.

import { h, replace } from "../core/dom.js";
import { number } from "../core/format.js";
import { words } from "../core/filter.js";
import { numeric } from "../core/scales.js";
import { missing } from "./axes.js";
import { hull, reaches, said } from "./brush.js";
import { brushable, conditionOn, dragging, toggleUnset } from "./brushing.js";
import { open } from "./panel.js";
import { across, boxOf, drawCloud, drawFront, HEIGHT, nearest } from "./slices-plot.js";
import { tip } from "./tip.js";

/** @typedef {import("../core/view.js").View} View */
/** @typedef {import("../core/scales.js").Axis} Axis */
/** @typedef {import("../core/columns.js").Column} Column */
/** @typedef {{axis: Axis, ys: Float32Array}} Upward  the goal, shared by all slices */

export const KEYS = "slice-keys"; // where the keys are told

const NEAR = 10;

export class Slice {
  /**
   * @param {View} view
   * @param {string} name of the parameter
   * @param {() => Uint32Array} front rows in front
   */
  constructor(view, name, front) {
    this.view = view;
    this.name = name;
    this.front = front;
    /** @type {Axis} */
    this.axis = numeric(name, 0, 1);
    /** What is to be drawn. @type {{along: {axis: Axis, column: Column}, up: Upward, width: number} | null} */
    this.facts = null;
    /** Where it lies. @type {import("./slices-plot.js").Drawn | null} */
    this.drawn = null;
    this.dirty = { layout: true, front: true };
    this.visible = false;
    /** The condition as it was drawn. @type {import("../core/filter.js").Condition | null | undefined} */
    this.shown = null;
    this.layers = ["cloud", "front"].map((layer) => h("canvas", { data: { layer }, "aria-hidden": "true" }));
    this.spans = h("div", { class: "slice-spans" });
    this.dot = h("i", { class: "slice-dot", hidden: true });
    this.tip = tip();
    this.plot = h("div", { class: "slice-plot", tabindex: "0", role: "slider", "aria-valuemin": 0, "aria-valuemax": 100, "aria-label": `${name}: range selected`, "aria-describedby": KEYS }, this.layers, this.spans, this.dot);
    this.lane = h("button", { type: "button", class: "slice-unset", "aria-pressed": "false", hidden: true, on: { click: () => toggleUnset(view, this.axis.name) } });
    this.title = h("h3", null, name);
    this.element = h("div", { class: "slice chart", role: "group", data: { slice: name } }, h("div", { class: "slice-head" }, this.title, this.lane), this.plot, this.tip.root);
    this.hands();
  }

  /**
   * @param {{axis: Axis, column: Column}} along the parameter
   * @param {Upward} up
   * @param {number} width
   */
  take(along, up, width) {
    this.facts = { along, up, width };
    this.axis = along.axis;
    this.title.title = `${this.name}: ${said(this.axis)}`;
    const unset = missing(along.column.values);
    this.lane.hidden = !unset;
    this.lane.textContent = `not set ${number(unset)}`;
    this.lane.setAttribute("aria-label", `not set ${number(unset)}: ${this.name}`);
    this.dirty = { layout: true, front: true };
    this.shown = null;
    this.draw(false);
  }

  hands() {
    const { view, plot } = this;
    brushable(plot, {
      view, axis: () => this.axis, flipped: () => false, length: 200,
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

  /** @param {boolean} fast */
  draw(fast) {
    const { facts, view } = this;
    if (!facts || !facts.width || !this.visible) return;
    if (this.dirty.layout) {
      const { along: { axis, column }, up, width } = facts, box = boxOf(width, !this.lane.hidden);
      this.drawn = { x: axis, y: up.axis, xs: across(axis, column.values, box), ys: up.ys, box, width };
      drawCloud(this.layers[0], view, this.drawn);
      this.shown = null;
    }
    if (this.drawn && (this.dirty.front || this.dirty.layout)) drawFront(this.layers[1], view, this.drawn, this.front(), fast);
    this.dirty = { layout: false, front: false };
    this.update();
    this.point();
  }

  /** The brush as the selection has it. */
  update() {
    const { view, axis, plot } = this, condition = conditionOn(view, axis.name);
    if (condition === this.shown) return;
    this.shown = condition;
    const text = condition ? words(condition, number) : "all";
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
    this.lane.setAttribute("aria-pressed", String(Boolean(condition && "unset" in condition)));
  }

  /** Mark the trial under the pointer, wherever that is. */
  point() {
    const { view: { hovered }, drawn, dot } = this, y = hovered === null || !drawn ? NaN : drawn.ys[hovered];
    dot.hidden = Number.isNaN(y);
    if (dot.hidden || !drawn || hovered === null) return;
    dot.style.setProperty("transform", `translate(${drawn.xs[hovered] - 5}px, ${Math.min(y, HEIGHT) - 5}px)`);
  }
}
