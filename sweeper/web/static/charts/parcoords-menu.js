// What can be typed and chosen for one axis: the same as its brush, for hands and ears that do not drag.

import { button, h } from "../core/dom.js";
import { exact, number } from "../core/format.js";
import { typed } from "./brush.js";
import { conditionOn, toggleUnset } from "./brushing.js";

/** @typedef {import("./parcoords-axis.js").AxisView} AxisView */

const MOST = 200; // levels offered as boxes

/** @typedef {{element: HTMLElement, update: () => void}} Part  `update`: the selection changed elsewhere */

/**
 * @param {AxisView} of
 * @param {{shift: (name: string, by: number) => void, flip: (name: string) => void, remove: (name: string) => void, close: () => void}} acts
 * @returns {Part}
 */
export function menu(of, acts) {
  const { view, facts: { axis, unset, goal } } = of, { name } = axis;
  const range = axis.kind === "category" ? boxes(of) : fields(of);
  const lane = h("input", { type: "checkbox", on: { change: () => toggleUnset(view, name) } });
  const element = h(
    "div", { class: "pc-menu", role: "dialog", "aria-label": `Axis ${name}` },
    h("strong", null, name), range.element,
    unset ? h("label", null, lane, goal ? ` without a value (${number(unset)})` : ` not set (${number(unset)})`) : null,
    h(
      "div", { class: "row" },
      button("Clear", () => view.restrict(name, null)),
      button("Flip", () => acts.flip(name)),
      button("←", () => acts.shift(name, -1), { "aria-label": "Move left" }),
      button("→", () => acts.shift(name, 1), { "aria-label": "Move right" }),
      button("Remove", () => acts.remove(name)),
      button("Close", () => acts.close()),
    ),
  );
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    acts.close();
  });
  const update = () => {
    const condition = conditionOn(view, name);
    lane.checked = Boolean(condition && "unset" in condition);
    range.update();
  };
  update();
  return { element, update };
}

/**
 * @param {AxisView} of
 * @returns {Part}
 */
function fields({ view, facts: { axis } }) {
  const field = (/** @type {string} */ end, /** @type {number} */ open) => h("input", {
    type: "text", inputmode: "decimal", size: 9, placeholder: number(open), data: { end }, "aria-label": `${axis.name} ${end}`,
  });
  const low = field("from", axis.low), high = field("to", axis.high), wrong = h("p", { class: "bad", role: "alert" });
  const say = (/** @type {string} */ text) => {
    wrong.textContent = text;
    for (const each of [low, high]) each.setAttribute("aria-invalid", String(text !== ""));
  };
  const take = () => {
    const found = typed(axis.name, low.value, high.value);
    say(typeof found === "string" ? found : "");
    if (typeof found !== "string") view.restrict(axis.name, found);
  };
  for (const each of [low, high]) each.addEventListener("change", take);
  const update = () => {
    if (wrong.textContent || [low, high].some((each) => each === document.activeElement)) return;
    const condition = conditionOn(view, axis.name), span = condition && "low" in condition ? condition : { low: null, high: null };
    [low.value, high.value] = [exact(span.low), exact(span.high)];
  };
  return { element: h("div", null, h("div", { class: "row" }, low, "to", high), wrong), update };
}

/**
 * @param {AxisView} of
 * @returns {Part}
 */
function boxes({ view, facts: { axis } }) {
  const chosen = () => {
    const condition = conditionOn(view, axis.name);
    return new Set(condition && "levels" in condition ? condition.levels : []);
  };
  const made = axis.levels.slice(0, MOST).map((level) => h("input", { type: "checkbox", on: { change: (/** @type {any} */ event) => change(level, event.target.checked) } }));
  const change = (/** @type {string} */ level, /** @type {boolean} */ on) => {
    const before = chosen(), levels = axis.levels.filter((each) => (each === level ? on : before.has(each)));
    view.restrict(axis.name, levels.length ? { name: axis.name, levels } : null);
  };
  const update = () => {
    const now = chosen();
    made.forEach((box, i) => { box.checked = now.has(axis.levels[i]); });
  };
  return { element: h("div", { class: "pc-levels" }, made.map((box, i) => h("label", null, box, ` ${axis.levels[i]}`))), update };
}
