// What a run nests (folds, stages), as a tree with mean and spread.

import { h, link } from "../core/dom.js";
import { count, duration, grouped, number, tail } from "../core/format.js";
import { stateMark } from "./state.js";

/** @param {any} found */
export function tree(found) {
  const stats = Object.entries(found.tree_stats ?? {});
  const names = stats.map(([name]) => name).slice(0, 8);
  return h("section", { class: "panel", data: { children: String(found.tree.length) } },
    h("header", null, h("h2", null, "Nested runs"), found.tree_total > found.tree.length ? h("span", { class: "warn" }, `the first ${count(found.tree.length, "run")} of ${grouped(found.tree_total)}`) : null, h("span", { class: "muted" }, stats.slice(0, 4).map(([name, each]) => `${name} ${number(each.mean)}${each.std === null ? "" : ` ± ${number(each.std, 2)}`} (${each.n})`).join(", "))),
    h("div", { class: "wide scroll", tabindex: "0", role: "region", "aria-label": "Nested runs" }, h("table", null, h("caption", { class: "sr" }, "Nested runs"),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, "run"), h("th", { scope: "col" }, "state"), names.map((name) => h("th", { scope: "col", class: "num" }, name)), h("th", { scope: "col", class: "num" }, "took"))),
      h("tbody", null, rows(found.tree, names, 0)),
      h("tfoot", null, h("tr", null, h("th", { scope: "row" }, "mean ± spread"), h("td", null), names.map((name) => {
        const each = found.tree_stats[name];
        return h("td", { class: "num" }, `${number(each.mean)}${each.std === null ? "" : ` ± ${number(each.std, 2)}`}`);
      }), h("td", null))))));
}

/**
 * @param {any[]} runs
 * @param {string[]} names
 * @param {number} depth
 * @returns {HTMLElement[]}
 */
function rows(runs, names, depth) {
  return runs.flatMap((run) => [
    h("tr", null, h("td", { class: "indent", style: { "--depth": String(depth) } }, link(`/t/${run.id}`, run.name || tail(run.id))), h("td", null, stateMark(run.state)),
      names.map((name) => h("td", { class: "num" }, number(run.metrics[name]))), h("td", { class: "num" }, run.started && run.ended ? duration(run.ended - run.started) : "")),
    ...rows(run.children, names, depth + 1),
  ]);
}
