// What a sweep is made of: its space, its file, its facts, the commands for it.

import { copyButton, command } from "../core/copy.js";
import { h, table } from "../core/dom.js";

/** @param {import("../core/view.js").View} view */
export function about(view) {
  const { sweep } = view;
  const space = Object.entries(sweep.space ?? {}).map(([name, each]) => [name, each.text ?? each.kind, each.when ?? ""]);
  const conditional = space.some((row) => row[2]);
  return h(
    "div", { class: "columns" },
    h("div", { class: "stack" },
      h("section", { class: "panel" }, h("header", null, h("h2", null, "Search space")),
        h("div", { class: "wide", tabindex: "0" }, table("", conditional ? ["parameter", "range", "only when"] : ["parameter", "range"], conditional ? space : space.map((row) => row.slice(0, 2)))),
        (sweep.constraints ?? []).map((/** @type {string} */ text) => h("p", { class: "mono" }, text))),
      h("section", { class: "panel" }, h("header", null, h("h2", null, "Sweep file"), h("span", { class: "tools" }, copyButton("Copy", sweep.config_yaml ?? ""))),
        folded("Show", h("pre", { class: "file", tabindex: "0", "aria-label": "Sweep file" }, sweep.config_yaml ?? "")),
        sweep.source && sweep.source !== sweep.config_yaml ? folded("As it was written", h("pre", { class: "file", tabindex: "0", "aria-label": "Sweep file as it was written" }, sweep.source)) : null,
        sweep.log ? folded("Log", h("pre", { class: "file", tabindex: "0", "aria-label": "Log" }, sweep.log)) : null)),
    h("section", { class: "panel" }, h("header", null, h("h2", null, "Facts")), list(sweep.facts), folded("Environment", list(sweep.environment))),
    h("section", { class: "panel" }, h("header", null, h("h2", null, "Next"), h("span", { class: "muted" }, "on the command line")),
      (sweep.commands ?? []).map((/** @type {any} */ each) => h("p", null, command(each.command, each.label)))),
  );
}

/** @param {[string, string][] | undefined} facts */
function list(facts) {
  return h("dl", { class: "list" }, (facts ?? []).flatMap(([name, text]) => [h("dt", null, name), h("dd", null, text)]));
}

/**
 * @param {string} summary
 * @param {Node} content
 */
function folded(summary, content) {
  return h("details", null, h("summary", null, summary), content);
}
