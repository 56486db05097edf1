// Slices: the goal over each searched parameter, one small picture a parameter, the most important first.

import { once, onWidth } from "../core/canvas.js";
import { cell } from "../core/columns.js";
import { button, h, replace, table, twin } from "../core/dom.js";
import { number, value as text } from "../core/format.js";
import { axisFor } from "./axes.js";
import { dragging } from "./brushing.js";
import { focus } from "./focus.js";
import { legend } from "./legend.js";
import { panel } from "./panel.js";
import { KEYS, Slice } from "./slices-one.js";
import { upward } from "./slices-plot.js";
import { sentence, spanned } from "./summary.js";

/** @typedef {import("../core/view.js").View} View */

const FIRST = 12; // that are shown at first

/**
 * @param {View} view
 * @returns {HTMLElement}
 */
export function slices(view) {
  return new Slices(view).element;
}

class Slices {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    /** @type {Slice[]} */
    this.shown = [];
    this.all = false;
    /** Whether anything but the selection changed since all was drawn. */
    this.stale = true;
    /** Rows in front. @type {Uint32Array} */
    this.front = new Uint32Array();
    this.grid = h("div", { class: "slices-grid", role: "group" });
    this.more = h("p", null);
    this.legend = legend(view, { by: "", states: false });
    this.twin = twin("Slices as a table", () => this.table());
    this.element = panel("slices", "Slices", null, this.legend.element, this.grid, this.more, this.twin);
    this.element.append(h("p", { class: "sr", id: KEYS }, "Arrows move the upper end of the range, with Shift the lower end; Delete clears it."));
    this.seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const slice = this.shown.find((each) => each.element === target);
        if (!slice) continue;
        slice.visible = isIntersecting;
        slice.draw(false);
      }
    }, { rootMargin: "200px" });
    this.listen();
  }

  listen() {
    const { view } = this;
    const soon = once(() => (this.stale && !dragging(view) ? this.build() : this.selected()));
    view.on("selection", soon);
    view.on("hover", once(() => this.shown.forEach((slice) => slice.visible && slice.point())));
    for (const what of /** @type {const} */ (["columns", "goal", "order", "theme"])) {
      view.on(what, () => {
        this.stale = true;
        soon();
      });
    }
    document.addEventListener("parameter", (event) => this.show(/** @type {CustomEvent} */ (event).detail.name));
    onWidth(this.grid, () => this.build());
  }

  /** All of it, after the trials, the goal, the order or the width changed. */
  build() {
    this.stale = false;
    const { view } = this, names = view.params.map((each) => each.name), goal = view.value && axisFor(view.columns, view.value.name);
    this.front = focus(view).ranked;
    if (!goal || !view.ranking.length || !names.length) return this.empty(names.length > 0);
    const up = { axis: goal.axis, ys: this.upward(goal.axis, goal.column.values) };
    const asked = this.all ? names : names.slice(0, FIRST), old = new Map(this.shown.map((slice) => [slice.name, slice]));
    const shown = asked.map((name) => old.get(name) ?? new Slice(view, name, () => this.front));
    if (shown.length !== this.shown.length || shown.some((slice, i) => slice !== this.shown[i])) this.arrange(shown, names.length);
    for (const slice of shown) {
      const along = axisFor(view.columns, slice.name);
      if (along) slice.take(along, up, slice.plot.clientWidth);
    }
    this.selected();
    return undefined;
  }

  /**
   * Put other slices into their places; what has the focus keeps it.
   * @param {Slice[]} shown
   * @param {number} possible
   */
  arrange(shown, possible) {
    const active = document.activeElement;
    this.seen.disconnect();
    this.shown = shown;
    replace(this.grid, shown.map((slice) => slice.element));
    if (active instanceof HTMLElement && this.grid.contains(active)) active.focus({ preventScroll: true });
    replace(this.more, possible > FIRST ? button(this.all ? `The first ${FIRST} only` : `All ${possible} parameters`, () => {
      this.all = !this.all;
      this.build();
    }) : null);
    for (const slice of shown) this.seen.observe(slice.element);
  }

  /**
   * Heights of trials with a value, in pixels.
   * @param {import("../core/scales.js").Axis} axis
   * @param {ArrayLike<number>} values
   */
  upward(axis, values) {
    const { columns: { state, states } } = this.view, ys = upward(axis, values), complete = states.indexOf("complete");
    for (let row = 0; row < ys.length; row++) if (state[row] !== complete) ys[row] = NaN;
    return ys;
  }

  /** The selection changed. */
  selected() {
    const { view, element } = this, fast = dragging(view);
    this.front = focus(view).ranked;
    for (const slice of this.shown) {
      slice.dirty.front = true;
      slice.update();
      slice.draw(fast);
    }
    Object.assign(element.dataset, { slices: String(this.shown.length), selected: String(view.selected), brushes: String(this.shown.filter((each) => each.element.hasAttribute("data-brushed")).length) });
    if (fast) return;
    this.grid.setAttribute("aria-label", this.words());
    if (this.twin.open) this.twin.dispatchEvent(new Event("toggle"));
    this.legend.update();
  }

  words() {
    const { view } = this, best = view.ranking[0];
    const where = view.params.slice(0, 4).map((column) => `${column.name} ${text(cell(column, best)) || "not set"}`).join(", ");
    return `${view.value?.name} over each of ${this.shown.length} parameters. ${sentence(view)}. The best trial, number ${view.columns.number[best]}, has ${where}.`;
  }

  /** @param {boolean} searched */
  empty(searched) {
    this.shown = [];
    replace(this.grid, h("p", { class: "empty" }, searched ? "No trial has a value yet." : "No parameter was searched."));
    replace(this.more);
    Object.assign(this.element.dataset, { slices: "0", selected: String(this.view.selected), brushes: "0" });
  }

  /**
   * Bring the slice of a parameter into sight.
   * @param {string} name
   */
  show(name) {
    if (!this.shown.some((slice) => slice.name === name) && this.view.order.includes(name)) {
      this.all = true;
      this.build();
    }
    const found = this.shown.find((slice) => slice.name === name);
    found?.element.scrollIntoView({ block: "center" });
    found?.plot.focus({ preventScroll: true });
  }

  table() {
    const { view } = this, { value, ranking, mask } = view;
    const rows = view.params.map((column) => {
      const kept = ranking.filter((row) => mask[row]), best = kept.subarray(0, Math.max(1, Math.ceil(kept.length / 10)));
      return [column.name, spanned(column, ranking), spanned(column, kept), spanned(column, best), kept.length ? text(cell(column, kept[0])) || "not set" : ""];
    });
    return table(`${value?.name ?? "The goal"} over each parameter: ${number(ranking.length)} trials with a value.`, ["Parameter", "Values of all", "Of the selected", "Of their best tenth", "Of the best"], rows);
  }
}
