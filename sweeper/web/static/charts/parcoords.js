// Parallel coordinates: every trial a line over the goal and the parameters, narrowed by brushes on the axes.

import { onWidth, once } from "../core/canvas.js";
import { button, h, replace, table, twin } from "../core/dom.js";
import { number } from "../core/format.js";
import { words } from "../core/filter.js";
import { factName } from "../core/selection.js";
import { find } from "../core/selection.js";
import * as url from "../core/url.js";
import { axisFor, choices, format, missing, moved, parse, standard } from "./axes.js";
import { parted, said } from "./brush.js";
import { conditionOn, dragging } from "./brushing.js";
import { tenth } from "./focus.js";
import { legend } from "./legend.js";
import { choice, panel } from "./panel.js";
import { AxisView, KEYS } from "./parcoords-axis.js";
import { menu } from "./parcoords-menu.js";
import { heights, spread } from "./parcoords-pick.js";
import { Plot } from "./parcoords-plot.js";
import { pointing } from "./parcoords-point.js";
import { sentence, spanned, summary } from "./summary.js";

/** @typedef {import("../core/view.js").View} View */
/** @typedef {import("../core/scales.js").Axis} Axis */
/** @typedef {import("./axes.js").Place} Place */

const RANK = "rank";

/**
 * @param {View} view
 * @returns {HTMLElement}
 */
export function parcoords(view) {
  return new Parcoords(view).element;
}

class Parcoords {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.plot = new Plot(view);
    /** Axes the reader chose; none: the usual ones. @type {Place[]} */
    this.chosen = parse(url.get("axes"));
    /** @type {AxisView[]} */
    this.axes = [];
    this.width = 0;
    /** Whether trials or axes changed since all was drawn. */
    this.stale = true;
    /** Axes and heights of rows, kept as long as nothing about them changes. @type {Map<string, {key: string, values: ArrayLike<number>, ys: Float32Array, shown: AxisView}>} */
    this.kept = new Map();
    /** @type {{of: AxisView, menu: import("./parcoords-menu.js").Part} | null} */
    this.open = null;
    this.image = h("div", { class: "pc-layers", role: "img" }, this.plot.canvases);
    this.rail = h("div", { class: "pc-axes" });
    this.stage = h("div", { class: "pc-stage" }, this.image, this.rail);
    this.box = h("div", { class: "pc-scroll" }, this.stage);
    this.chart = h("div", { class: "chart" }, this.box);
    this.summary = summary(view);
    this.legend = legend(view, this.plot);
    this.tools = h("div", { class: "row" });
    this.note = h("p", { class: "empty" }, "There is nothing to compare: no parameter varies.");
    this.twin = twin("Axes as a table", () => this.table());
    this.element = panel("parcoords", "Parallel coordinates", this.tools, this.legend.element, this.note, this.chart, this.summary.element, this.twin);
    this.element.append(h("p", { class: "sr", id: KEYS }, "Arrows move the upper end of the range, with Shift the lower end; Delete clears it; Enter opens it for typing; Alt with left or right moves the axis."));
    pointing(this.box, this.chart, view, this.plot);
    this.listen();
  }

  listen() {
    const { view } = this;
    this.plot.finished = () => { this.element.dataset.drawn = String(this.plot.drawn); };
    const soon = once(() => (this.stale && !dragging(view) ? this.build() : this.selected()));
    view.on("selection", soon);
    for (const what of /** @type {const} */ (["columns", "goal", "order"])) {
      view.on(what, () => {
        this.stale = true;
        soon();
      });
    }
    view.on("hover", once(() => this.plot.drawOver()));
    view.on("ticked", () => this.plot.drawOver());
    view.on("theme", () => {
      this.plot.place(this.plot.lines);
      this.selected();
    });
    url.onMove(() => {
      this.chosen = parse(url.get("axes"));
      this.build();
    });
    onWidth(this.chart, (width) => {
      this.width = width;
      this.build();
    });
  }

  /** Axes that stand now. @returns {Place[]} */
  places() {
    const { view } = this, first = view.value ? [view.value.name] : [];
    const usual = standard([...first, ...view.columns.goals.map((each) => each.name)], view.order);
    const wanted = this.chosen.length ? this.chosen : usual, possible = new Set(choices(view.columns));
    return wanted.filter(({ name }) => possible.has(name));
  }

  /** All of it, after the trials, the axes or the width changed. What stays the same stays where it is. */
  build() {
    if (!this.width) return;
    this.stale = false;
    const { view } = this, places = this.places(), { xs, width } = spread(this.width, places.length);
    const made = places.map((place) => this.axis(place)), axes = made.map(({ shown }) => shown);
    axes.forEach((axis, i) => axis.stand(xs[i], (xs[i + 1] ?? width + 16) - xs[i]));
    this.stage.style.setProperty("width", `${width}px`);
    if (axes.length !== this.axes.length || axes.some((axis, i) => axis !== this.axes[i])) this.arrange(axes);
    this.note.hidden = places.length > 1;
    this.plot.place({ xs, width, ys: made.map(({ ys }) => ys) });
    this.controls(places);
    this.selected();
    Object.assign(this.element.dataset, { axes: places.map((each) => each.name).join("|"), total: String(view.columns.n) });
  }

  /**
   * Put other axes into their places; what has the focus keeps it, an open menu stays open.
   * @param {AxisView[]} axes
   */
  arrange(axes) {
    const active = document.activeElement, focused = active?.closest(".pc-axis")?.getAttribute("data-axis"), name = this.open?.of.facts.axis.name;
    this.axes = axes;
    replace(this.rail, axes.map((axis) => axis.element));
    if (active instanceof HTMLElement && this.rail.contains(active)) active.focus({ preventScroll: true });
    else if (focused && !this.open) this.axisNamed(focused)?.track.focus({ preventScroll: true });
    const of = name === undefined ? null : this.axisNamed(name);
    if (this.open && of === this.open.of) return this.placeMenu();
    this.close(false);
    return of ? this.menu(of) : undefined;
  }

  /** @param {Place} place */
  axis({ name, flipped }) {
    const { view } = this, found = axisFor(view.columns, name);
    if (!found) throw new Error(`no column ${name}`);
    const { axis, column } = found, { values } = column, unset = missing(values);
    const goal = view.sweep.goals.find((/** @type {{name: string}} */ each) => each.name === name)?.goal ?? "";
    const key = [axis.kind, axis.low, axis.high, axis.levels.join("\n"), flipped, goal, unset > 0].join("|"), kept = this.kept.get(name);
    const same = kept?.key === key ? kept : null, ys = same?.values === values ? same.ys : heights(axis, values, flipped);
    const shown = same?.shown ?? new AxisView(view, { axis, flipped, goal, unset }, {
      menu: (of) => (this.open?.of === of ? this.close() : this.menu(of)),
      shift: (moving, by) => this.move(moving, by), drop: (moving, by) => this.drop(moving, by),
    });
    shown.count(unset);
    this.kept.set(name, { key, values, ys, shown });
    return { shown, ys };
  }

  /** The selection changed. */
  selected() {
    const { view, element } = this, fast = dragging(view);
    for (const axis of this.axes) axis.update();
    this.plot.drawFront(fast);
    this.summary.update();
    this.open?.menu.update();
    Object.assign(element.dataset, { selected: String(view.selected), brushes: String(this.axes.filter((axis) => axis.element.hasAttribute("data-brushed")).length) });
    this.element.classList.toggle("pc-dragging", fast);
    if (!fast) {
      this.image.setAttribute("aria-label", this.words());
      if (this.twin.open) this.twin.dispatchEvent(new Event("toggle"));
      this.legend.update();
    }
  }

  words() {
    const { view } = this, names = this.axes.map((axis) => axis.facts.axis.name);
    if (names.length < 2) return "Parallel coordinates need two axes.";
    const brushes = view.conditions.map((each) => words(each, number)).join("; ");
    return `Parallel coordinates over ${names.join(", ")}. ${sentence(view)}${brushes ? `, where ${brushes}` : ""}.`;
  }

  /** @param {Place[]} places */
  controls(places) {
    const { view, plot } = this, names = choices(view.columns), free = names.filter((name) => !places.some((place) => place.name === name));
    const best = button("Top 10 %", () => this.best(), { title: "Select the best tenth", disabled: !view.ranking.length });
    const failed = button("Failed", () => this.failed(), { title: "Select the trials that failed", disabled: !view.columns.state.includes(view.columns.states.indexOf("failed")) });
    const color = choice("Colour by", [RANK, ...names, factName(view.columns, "state")], plot.by || RANK, (name) => {
      plot.by = name === RANK ? "" : name;
      plot.drawFront(false);
      this.legend.update();
    });
    const add = choice("Add an axis", ["+ axis", ...free], "+ axis", (name) => name !== "+ axis" && this.set([...places, { name, flipped: false }]));
    replace(
      this.tools, h("label", { class: "muted" }, "Colour ", color), free.length ? add : null,
      this.chosen.length ? button("Usual axes", () => this.set([]), { class: "quiet" }) : null,
      h("div", { class: "segments", role: "group", "aria-label": "Select" }, best, failed, button("Clear", () => view.select([]))),
    );
  }

  best() {
    const { view } = this, { value } = view;
    if (!value || !view.ranking.length) return;
    const n = tenth(view), last = value.values[view.ranking[n - 1]], next = value.values[view.ranking[n] ?? view.ranking[n - 1]];
    const cut = parted(last, next), edge = view.maximize ? { low: cut, high: null } : { low: null, high: cut };
    view.select([...view.conditions.filter((each) => each.name !== value.name && each.name !== factName(view.columns, "state")), { name: value.name, ...edge }]);
  }

  failed() {
    const { view } = this, [only, ...more] = view.conditions, name = factName(view.columns, "state");
    const on = more.length === 0 && only?.name === name && "levels" in only && only.levels.join() === "failed";
    view.select(on ? [] : [{ name, levels: ["failed"] }]);
  }

  /** @param {Place[]} places none: the usual ones */
  set(places) {
    this.chosen = places;
    url.write({ axes: format(places) });
    this.build();
  }

  /**
   * @param {string} name
   * @param {number} by places
   */
  move(name, by) {
    const places = this.places(), at = places.findIndex((place) => place.name === name);
    this.set(moved(places, name, at + by));
  }

  /**
   * @param {string} name
   * @param {number} by pixels
   */
  drop(name, by) {
    const { xs } = this.plot.lines, step = xs.length > 1 ? xs[1] - xs[0] : 1, places = Math.round(by / step);
    if (places) this.move(name, places);
  }

  /** @param {AxisView} of */
  menu(of) {
    this.close(false);
    const made = menu(of, {
      shift: (moving, by) => this.move(moving, by), close: () => this.close(),
      flip: (turned) => this.set(this.places().map((place) => (place.name === turned ? { ...place, flipped: !place.flipped } : place))),
      remove: (gone) => {
        const places = this.places();
        this.close();
        if (places.length > 2) this.set(places.filter((place) => place.name !== gone));
      },
    });
    this.open = { of, menu: made };
    of.name.setAttribute("aria-expanded", "true");
    this.chart.append(made.element);
    this.placeMenu();
    /** @type {HTMLElement | null} */ (made.element.querySelector("input, button"))?.focus();
  }

  placeMenu() {
    if (!this.open) return;
    const { of, menu: { element } } = this.open, places = this.places(), { xs } = spread(this.width, places.length);
    const x = xs[places.findIndex((place) => place.name === of.facts.axis.name)] - this.box.scrollLeft;
    element.style.setProperty("left", `${Math.max(0, Math.min(x - 20, this.width - element.offsetWidth))}px`);
  }

  close(back = true) {
    if (!this.open) return;
    const { menu: { element }, of } = this.open;
    this.open = null;
    element.remove();
    of.name.setAttribute("aria-expanded", "false");
    if (back) of.name.focus();
  }

  /** @param {string} name */
  axisNamed(name) {
    return this.axes.find((axis) => axis.facts.axis.name === name);
  }

  table() {
    const { view } = this, selected = view.rows();
    const rows = this.axes.map(({ facts: { axis, unset } }) => {
      const condition = conditionOn(view, axis.name), column = /** @type {import("../core/columns.js").Column} */ (find(view.columns, axis.name));
      return [axis.name, said(axis), condition ? words(condition, number) : "", spanned(column, selected), unset ? number(unset) : ""];
    });
    return table(`${sentence(view)}.`, ["Axis", "Range", "Brush", "Values of the selected trials", "Not set"], rows);
  }
}
