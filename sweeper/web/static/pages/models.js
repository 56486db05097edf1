// The registry: models, their latest versions and what their aliases point at.

import { get } from "../core/api.js";
import { copyButton } from "../core/copy.js";
import { h, replace } from "../core/dom.js";
import { ago } from "../core/format.js";
import { saveTable } from "../parts/save.js";

/** @param {HTMLElement} main */
export async function show(main) {
  document.title = "Models · sweeper";
  const found = await get("models");
  const at = encodeURIComponent;
  const rows = found.map((/** @type {any} */ model) => h(
    "tr", null,
    h("td", null, h("a", { href: `/models/${at(model.name)}` }, model.name), model.description ? h("div", { class: "muted" }, model.description) : null),
    h("td", { class: "num" }, model.newest ? h("a", { href: `/models/${at(model.name)}/${model.newest}` }, `v${model.newest}`) : ""),
    h("td", null, Object.entries(model.aliases ?? {}).map(([alias, version]) => h("a", { class: "chip", href: `/models/${at(model.name)}/${version}` }, `@${alias} v${version}`))),
    h("td", null, Object.entries(model.latest ?? {}).filter(([stage]) => stage !== "None").map(([stage, version]) => h("a", { class: "chip", href: `/models/${at(model.name)}/${version}` }, `${stage} v${version}`))),
    h("td", { class: "muted nowrap" }, ago(model.updated ?? model.created)),
  ));
  main.dataset.models = String(found.length);
  replace(main, h("section", { class: "panel" },
    h("header", null, h("h1", null, "Registered models"), h("div", { class: "tools" }, saveTable("models", () => main.querySelector("table")), copyButton("Copy command", "sweeper models ls"))),
    rows.length ? h("div", { class: "wide", tabindex: "0" }, h("table", null, h("caption", { class: "sr" }, "Registered models"),
      h("thead", null, h("tr", null, ["model", "latest", "aliases", "stages", "changed"].map((text, i) => h("th", { scope: "col", class: i === 1 ? "num" : null }, text)))), h("tbody", null, rows)))
      : h("p", { class: "empty" }, "No model is registered. Open a sweep and press Register beside its best trial, or type: ", h("code", null, "sweeper register last --model NAME"))));
}
