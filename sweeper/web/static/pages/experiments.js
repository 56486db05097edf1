// Experiments: named collections of runs.

import { get } from "../core/api.js";
import { h, replace } from "../core/dom.js";
import { ago, count } from "../core/format.js";

/** @param {HTMLElement} main */
export async function show(main) {
  document.title = "Experiments · sweeper";
  const found = await get("experiments");
  const rows = found.map((/** @type {any} */ each) => h(
    "tr", null, h("th", { scope: "row" }, each.name), h("td", { class: "mono muted" }, String(each.id)),
    h("td", { class: "num" }, each.sweeps ? h("a", { href: `/?experiment=${encodeURIComponent(each.name)}` }, count(each.sweeps, "sweep")) : "0"),
    h("td", { class: "num" }, each.runs ? h("a", { href: `/runs?experiment=${encodeURIComponent(each.name)}` }, count(each.runs, "run")) : "0"),
    h("td", { class: "muted" }, ago(each.latest)),
  ));
  main.dataset.experiments = String(found.length);
  replace(main, h("section", { class: "panel" }, h("header", null, h("h1", null, "Experiments")),
    h("div", { class: "wide", tabindex: "0" }, h("table", null, h("caption", { class: "sr" }, "Experiments"), h("thead", null, h("tr", null,
      ["experiment", "id", "sweeps", "runs outside sweeps", "latest"].map((text, i) => h("th", { scope: "col", class: i === 2 || i === 3 ? "num" : null }, text)))),
    h("tbody", null, rows)))));
}
