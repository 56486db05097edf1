// The best trial of a sweep, or of what is selected: its value, its parameters, and what to do with them.

import { writable } from "../core/api.js";
import { copyButton } from "../core/copy.js";
import { cell } from "../core/columns.js";
import { button, h, replace } from "../core/dom.js";
import { exact, number, shell, tail, value } from "../core/format.js";
import { register } from "./actions.js";

/** @typedef {import("../core/view.js").View} View */

/** @param {View} view */
export function best(view) {
  const made = h("section", { class: "panel best", "aria-live": "polite", "aria-label": "Best trial" });
  const draw = () => replace(made, content(view, made));
  view.on("columns", draw);
  view.on("goal", draw);
  view.on("order", draw);
  view.on("sweep", draw);
  draw();
  return made;
}

/**
 * @param {View} view
 * @param {HTMLElement} made
 */
function content(view, made) {
  const { columns, sweep, ranking } = view, row = ranking[0];
  if (row === undefined) {
    made.dataset.best = "";
    return h("p", { class: "muted" }, "No trial has completed, so there is no best one yet.");
  }
  const name = String(columns.number[row]), found = columns.goals[view.goal].values[row];
  Object.assign(made.dataset, { best: name, value: exact(found) });
  const params = [...view.params, ...columns.params.filter((each) => each.constant)];
  const stored = [sweep.best].flat().find((/** @type {any} */ each) => each?.number === columns.number[row])?.params ?? {};
  const set = params.map((each) => ({ name: each.name, value: cell(each, row) })).filter((each) => each.value !== null)
    .map(({ name, value }) => ({ name, value: Object.hasOwn(stored, name) ? stored[name] : value })); // with all digits, true as true
  const id = columns.ids[row];
  return [
    h("div", { class: "row" },
      h("h2", null, view.sweep.goals.length > 1 ? `Best by ${columns.goals[view.goal].name}` : "Best"),
      h("span", { class: "big", title: exact(found) }, number(found)),
      h("span", { class: "muted" }, `${columns.goals[view.goal].name}, trial `, id && view.source.live ? h("a", { href: `/t/${id}` }, name) : name, margin(view)),
      sweep.registered?.length ? sweep.registered.map((/** @type {any} */ each) => h("span", { class: "chip" }, `${each.model} v${each.version} ${each.aliases.map((/** @type {string} */ a) => `@${a}`).join(" ")}`)) : null,
      h("span", { class: "grow" }),
      writable() && id ? button("Register", () => register({ run_id: id, what: `trial ${name}`, suggestion: sweep.name }), { class: "primary" }) : null,
      view.source.live ? button("Draft the next sweep", () => made.dispatchEvent(new CustomEvent("draft", { bubbles: true, detail: { recommended: true } }))) : null,
      copyButton("Copy parameters", () => set.map((each) => `${each.name}: ${typeof each.value === "number" ? exact(each.value) : JSON.stringify(each.value)}`).join("\n")),
      copyButton("Copy command", `sweeper register ${tail(sweep.id)} --model ${shell(sweep.name)}`)),
    h("ul", { class: "assigned" }, set.map((each) => h("li", null, h("span", { class: "muted" }, each.name), " ",
      h("b", { class: "mono", title: typeof each.value === "number" ? exact(each.value) : null }, value(each.value))))),
  ];
}

/**
 * How far the second is behind.
 * @param {View} view
 */
function margin(view) {
  const values = view.columns.goals[view.goal].values, [first, second] = view.ranking;
  if (second === undefined) return "";
  const ahead = Math.abs(values[first] - values[second]);
  return ahead ? `, ${number(ahead, 2)} ahead of the next` : ", others came as far";
}
