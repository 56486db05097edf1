// What can be typed and chosen for one axis: the same as its brush, for hands and ears that do not drag.

import { button, h } from "../core/dom.js";
import { exact, number } from "../core/format.js";
import { typed } from "./brush.js";
import { conditionOn } from "./brushing.js";

/** @typedef {import("./parcoords-axis.js").AxisView} AxisView */

const MOST = 200; // levels offered as boxes

/**
 * @param {AxisView} of
 * @param {{shift: (name: string, by: number) => void, flip: (name: string) => void, remove: (name: string) => void, close: () => void}} acts
 */
export function menu(of, acts) {
  const { view, facts: { axis, unset, goal } } = of, { name } = axis;
  const condition = conditionOn(view, name);
  const made = h(
    "div", { class: "pc-menu", role: "dialog", "aria-label": `Axis ${name}` },
    h("strong", null, name),
    axis.kind === "category" ? boxes(of) : fields(of),
    unset ? h("label", null, h("input", { type: "checkbox", checked: Boolean(condition && "unset" in condition), on: { change: () => of.toggleUnset() } }), goal ? ` without a value (${number(unset)})` : ` not set (${number(unset)})`) : null,
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
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    acts.close();
  });
  return made;
}

/** @param {AxisView} of */
function fields({ view, facts: { axis } }) {
  const condition = conditionOn(view, axis.name), span = condition && "low" in condition ? condition : { low: null, high: null };
  const field = (/** @type {string} */ end, /** @type {number | null} */ value, /** @type {number} */ open) => h("input", {
    type: "text", inputmode: "decimal", size: 9, value: exact(value), placeholder: number(open), data: { end }, "aria-label": `${axis.name} ${end}`,
  });
  const low = field("from", span.low, axis.low), high = field("to", span.high, axis.high), wrong = h("p", { class: "bad", role: "alert" });
  const take = () => {
    const found = typed(axis.name, low.value, high.value), bad = typeof found === "string";
    wrong.textContent = bad ? found : "";
    for (const each of [low, high]) each.setAttribute("aria-invalid", String(bad));
    if (!bad) view.restrict(axis.name, found);
  };
  for (const each of [low, high]) each.addEventListener("change", take);
  return h("div", null, h("div", { class: "row" }, low, "to", high), wrong);
}

/** @param {AxisView} of */
function boxes({ view, facts: { axis } }) {
  const condition = conditionOn(view, axis.name);
  const chosen = new Set(condition && "levels" in condition ? condition.levels : []);
  const change = (/** @type {string} */ level, /** @type {boolean} */ on) => {
    if (on) chosen.add(level);
    else chosen.delete(level);
    const levels = axis.levels.filter((each) => chosen.has(each));
    view.restrict(axis.name, levels.length ? { name: axis.name, levels } : null);
  };
  return h("div", { class: "pc-levels" }, axis.levels.slice(0, MOST).map((level) => h(
    "label", null, h("input", { type: "checkbox", checked: chosen.has(level), on: { change: (/** @type {any} */ event) => change(level, event.target.checked) } }), ` ${level}`,
  )));
}
