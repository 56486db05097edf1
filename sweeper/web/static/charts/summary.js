// What is selected, in a line; its conditions one by one; and what to do with it.

import { download } from "../core/csv.js";
import { button, h, link, replace } from "../core/dom.js";
import { format, words } from "../core/filter.js";
import { count, number } from "../core/format.js";
import { dragging } from "./brushing.js";
import { focus } from "./focus.js";
import { fileOf } from "./table-command.js";
import { fieldsOf, trialsCsv } from "./table-fields.js";

/** @typedef {import("../core/view.js").View} View */

const FREQUENT = 8; // levels that are named

/**
 * "37 of 128 selected, best 0.9471, median 0.931".
 * @param {View} view
 */
export function sentence(view) {
  const { columns: { n }, selected, value } = view, { ranked } = focus(view, true);
  const parts = [view.whole ? count(n, "trial") : `${number(selected)} of ${count(n, "trial")} selected`];
  if (value && ranked.length) {
    parts.push(`best ${value.name} ${number(value.values[ranked[0]])}`, `median ${number(median(value.values, ranked))}`);
  } else if (selected && value) parts.push(`none with a value of ${value.name}`);
  return parts.join(", ");
}

/**
 * The middle of values in order; of an even number of them halfway between the two in the middle.
 * @param {ArrayLike<number>} values
 * @param {ArrayLike<number>} ranked
 */
function median(values, ranked) {
  const last = ranked.length - 1, [one, other] = [values[ranked[last >> 1]], values[ranked[(last + 1) >> 1]]];
  return one === other ? one : one / 2 + other / 2;
}

/**
 * @param {View} view
 */
export function summary(view) {
  const line = h("span", { class: "pc-sum" }), chips = h("span", { class: "row" }), live = h("p", { class: "sr", "aria-live": "polite" });
  const draft = button("Draft narrowed sweep", (event) => {
    const detail = { f: format(view.conditions) };
    event.currentTarget?.dispatchEvent(new CustomEvent("draft", { bubbles: true, detail }));
  }, { title: "The next sweep with the ranges of the selected trials: as text, nothing is started" });
  const file = h("span");
  const element = h("div", { class: "row pc-summary" }, line, chips, h("span", { class: "grow" }), view.source.live ? draft : null, file, live);
  const update = () => {
    line.textContent = sentence(view);
    draft.disabled = view.whole || view.selected === 0;
    replace(chips, view.whole ? h("span", { class: "muted" }, "Drag along an axis to select trials.") : null, view.conditions.map((each) => h(
      "span", { class: "chip" }, words(each, number),
      button("×", () => view.restrict(each.name, null), { "aria-label": `Take away: ${words(each, number)}` }),
    )));
    if (dragging(view)) return;
    if (live.textContent !== line.textContent) live.textContent = line.textContent;
    replace(file, view.selected ? table(view) : null);
  };
  return { element, update };
}

/** @param {View} view */
function table(view) {
  const text = `CSV of ${number(view.selected)}`;
  if (view.source.live) return link(fileOf(view, "csv", { key: "number", descending: false }, view.conditions), text, { class: "button", download: "" });
  return button(text, () => download(`${view.sweep.name}-trials.csv`, trialsCsv(fieldsOf(view), view.rows())));
}

/**
 * From where to where some rows go; of levels the most frequent.
 * @param {import("../core/columns.js").Column} column
 * @param {ArrayLike<number>} rows
 */
export function spanned({ kind, levels, values }, rows) {
  const seen = new Map();
  let low = Infinity, high = -Infinity;
  for (let i = 0; i < rows.length; i++) {
    const v = values[rows[i]];
    if (Number.isNaN(v)) continue;
    if (kind === "categorical") seen.set(v, (seen.get(v) ?? 0) + 1);
    [low, high] = [Math.min(low, v), Math.max(high, v)];
  }
  if (!(low <= high)) return rows.length ? "not set" : "";
  if (kind !== "categorical") return low === high ? number(low) : `${number(low)} to ${number(high)}`;
  return [...seen].sort((a, b) => b[1] - a[1]).slice(0, FREQUENT).map(([code, n]) => `${levels[code]} (${number(n)})`).join(", ");
}
