// One axis of parallel coordinates: its name, its marks, its brush and the lane of what is not set.

import { h, replace, svg } from "../core/dom.js";
import { number } from "../core/format.js";
import { words } from "../core/filter.js";
import { hull, reaches, said } from "./brush.js";
import { brushable, conditionOn, toggleUnset } from "./brushing.js";
import { HEIGHT, heightOf, LANE, placeOf, PLOT, TOP } from "./parcoords-pick.js";

/** @typedef {import("../core/view.js").View} View */
/** @typedef {import("../core/scales.js").Axis} Axis */

export const KEYS = "pc-keys"; // where the keys are told

const TEXT = 14; // characters of a level that are shown
const MIDDLE = 22; // where the axis stands in its own picture, pixels from the left
const MARKS = 9;

export class AxisView {
  /**
   * @param {View} view
   * @param {{axis: Axis, flipped: boolean, goal: "" | "maximize" | "minimize", unset: number}} facts
   * @param {{menu: (of: AxisView) => void, shift: (name: string, by: number) => void, drop: (name: string, by: number) => void}} acts
   */
  constructor(view, facts, acts) {
    this.view = view;
    this.facts = facts;
    const { axis, flipped, goal, unset } = facts;
    const arrow = goal ? (goal === "maximize" ? " ↑" : " ↓") : "";
    const title = `${axis.name}${goal ? `, to ${goal}` : ""}: ${said(axis)}`;
    this.name = h("button", { type: "button", class: goal ? "pc-name pc-goal" : "pc-name", title: `${title}. Drag to move the axis, click for more.`, "aria-haspopup": "dialog", "aria-expanded": "false", "aria-label": `${axis.name}${arrow}: range, order` }, axis.name, arrow);
    /** The condition as it was drawn. @type {import("../core/filter.js").Condition | null | undefined} */
    this.shown = null;
    this.brush = svg("g", { class: "pc-brush" });
    const picture = svg("svg", { width: 110, height: HEIGHT, "aria-hidden": "true" }, this.marks(), this.brush);
    this.track = h("div", { class: "pc-track", tabindex: "0", role: "slider", "aria-orientation": "vertical", "aria-valuemin": 0, "aria-valuemax": 100, "aria-label": `${axis.name}: range selected`, "aria-describedby": KEYS }, picture);
    this.lane = unset ? h("button", { type: "button", class: "pc-unset", "aria-pressed": "false", on: { click: () => toggleUnset(view, axis.name) } }) : null;
    this.count(unset);
    this.lane?.style.setProperty("top", `${TOP + PLOT + LANE - 9}px`);
    this.element = h("div", { class: "pc-axis", role: "group", data: { axis: axis.name } }, this.name, h("div", { class: "pc-body" }, this.track, this.lane));
    brushable(this.track, {
      view, axis: () => axis, length: PLOT, flipped: () => flipped,
      at: (event) => placeOf(event.clientY - this.track.getBoundingClientRect().top, flipped),
    });
    this.track.addEventListener("keydown", (event) => this.keys(event, acts));
    nameDrag(this, acts);
    this.update();
  }

  /**
   * @param {number} x
   * @param {number} room for its name, pixels
   */
  stand(x, room) {
    this.element.style.setProperty("--step", `${room}px`);
    this.element.style.setProperty("transform", `translateX(${x - MIDDLE}px)`);
  }

  /** The brush as the selection has it. */
  update() {
    const { view, facts: { axis, flipped } } = this, condition = conditionOn(view, axis.name);
    if (condition === this.shown) return;
    this.shown = condition;
    const found = reaches(axis, condition), text = condition ? words(condition, number) : `${axis.name}: all`;
    replace(this.brush, found.map(([from, to]) => {
      const a = heightOf(from, flipped), b = heightOf(to, flipped), length = Math.max(5, Math.abs(a - b)), y = (a + b - length) / 2;
      return [
        svg("rect", { class: "pc-span", x: MIDDLE - 6, width: 12, y, height: length, rx: 2 }),
        svg("path", { class: "pc-grip", d: `M${MIDDLE - 8} ${y}h16M${MIDDLE - 8} ${y + length}h16` }),
      ];
    }));
    const [low, high] = hull(axis, condition) ?? [0, 1];
    this.element.setAttribute("aria-label", `${axis.name}, ${said(axis)}; ${condition ? `selected: ${text}` : "not restricted"}`);
    this.element.toggleAttribute("data-brushed", Boolean(condition));
    this.track.setAttribute("aria-valuenow", String(Math.round(high * 100)));
    this.track.setAttribute("aria-valuetext", condition ? text : `all, ${said(axis)}`);
    this.track.dataset.low = low.toFixed(4);
    this.track.dataset.high = high.toFixed(4);
    this.lane?.setAttribute("aria-pressed", String(Boolean(condition && "unset" in condition)));
  }

  /** @param {number} unset trials in the lane */
  count(unset) {
    this.facts.unset = unset;
    if (!this.lane) return;
    this.lane.textContent = `${this.facts.goal ? "no value" : "not set"} ${number(unset)}`;
    this.lane.setAttribute("aria-label", `${this.lane.textContent}: ${this.facts.axis.name}`);
  }

  marks() {
    const { axis, flipped } = this.facts, ticks = axis.ticks(axis.kind === "category" ? 18 : MARKS);
    return svg(
      "g", null,
      svg("path", { class: "pc-line", d: `M${MIDDLE} ${TOP}V${TOP + PLOT}` }),
      ticks.map(({ at, label }) => {
        const y = heightOf(at, flipped), short = label.length > TEXT ? `${label.slice(0, TEXT - 1)}…` : label;
        return [svg("path", { class: "pc-line", d: `M${MIDDLE - 3} ${y}h6` }), svg("text", { class: "pc-tick", x: MIDDLE + 8, y: y + 4 }, short)];
      }),
    );
  }

  /**
   * @param {KeyboardEvent} event
   * @param {{menu: (of: AxisView) => void, shift: (name: string, by: number) => void}} acts
   */
  keys(event, acts) {
    const by = event.altKey && event.key === "ArrowLeft" ? -1 : event.altKey && event.key === "ArrowRight" ? 1 : 0;
    if (by) acts.shift(this.facts.axis.name, by);
    else if (event.key === "Enter") acts.menu(this);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/**
 * A drag of the name moves the axis, a click opens its menu.
 * @param {AxisView} of
 * @param {{menu: (of: AxisView) => void, drop: (name: string, by: number) => void}} acts
 */
function nameDrag(of, acts) {
  const { name, element } = of;
  let from = 0, by = 0, down = false;
  name.addEventListener("pointerdown", (event) => {
    [from, by, down] = [event.clientX, 0, event.button === 0];
    name.setPointerCapture(event.pointerId);
  });
  name.addEventListener("pointermove", (event) => {
    if (!down) return;
    by = event.clientX - from;
    if (Math.abs(by) > 5) element.classList.add("pc-moving");
    element.style.setProperty("--by", `${by}px`);
  });
  const end = () => {
    down = false;
    element.classList.remove("pc-moving");
    element.style.removeProperty("--by");
  };
  name.addEventListener("pointerup", () => {
    end();
    if (Math.abs(by) > 5) acts.drop(of.facts.axis.name, by);
  });
  name.addEventListener("pointercancel", end);
  name.addEventListener("click", () => {
    if (Math.abs(by) <= 5) acts.menu(of);
    by = 0;
  });
}
