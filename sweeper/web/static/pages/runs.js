// Runs outside sweeps: what MLflow clients and `sweeper.start_run` logged.

import { get } from "../core/api.js";
import { copyButton } from "../core/copy.js";
import { h, replace } from "../core/dom.js";
import { ago, duration, number, tail } from "../core/format.js";
import * as url from "../core/url.js";
import { saveTable } from "../parts/save.js";
import { moreBelow } from "../parts/scrolling.js";
import { stateMark } from "../parts/state.js";

const MOST_METRICS = 6;

/** @param {HTMLElement} main */
export async function show(main) {
  document.title = "Runs · sweeper";
  const body = h("tbody"), head = h("tr"), rest = h("div"), said = h("p", { class: "muted", role: "status" });
  /** @type {string[]} */
  let names = [];
  /** @type {string | null} */
  let cursor = null;
  const ask = () => get("runs", { q: url.get("q"), experiment: url.get("experiment"), cursor });
  const more = async () => {
    const found = await ask();
    cursor = found.cursor ?? null;
    body.append(...found.runs.map((/** @type {any} */ run) => row(run, names)));
    return cursor !== null;
  };
  const load = async () => {
    cursor = null;
    const found = await ask();
    cursor = found.cursor ?? null;
    names = [...new Set(found.runs.flatMap((/** @type {any} */ run) => Object.keys(run.metrics)))].slice(0, MOST_METRICS);
    replace(head, ["run", "state", "experiment", ...names, "children", "took", "started"].map((text) => h("th", { scope: "col", class: names.includes(text) || text === "children" ? "num" : null }, text)));
    replace(body, found.runs.map((/** @type {any} */ run) => row(run, names)));
    main.dataset.runs = String(found.runs.length);
    said.textContent = found.runs.length ? "" : "No run outside sweeps" + (url.read().size ? " matches." : " yet.");
    replace(rest, cursor ? moreBelow(more) : null);
  };
  const field = (/** @type {string} */ name, /** @type {string} */ label) => h("input", {
    type: "search", placeholder: label, "aria-label": label, value: url.get(name), size: "16",
    on: { change: (/** @type {any} */ event) => { url.write({ [name]: event.target.value.trim() }); void load(); } },
  });
  replace(main, h("section", { class: "panel" },
    h("header", null, h("h1", null, "Runs outside sweeps"), said, h("div", { class: "tools" }, field("q", "name"), field("experiment", "experiment"),
      saveTable("runs", () => main.querySelector("table")), copyButton("Copy command", () => `mlflow.set_tracking_uri(${JSON.stringify(location.origin)})`))),
    h("div", { class: "wide", tabindex: "0" }, h("table", null, h("caption", { class: "sr" }, "Runs outside sweeps"), h("thead", null, head), body)), rest));
  await load();
  url.onMove(load);
}

/**
 * @param {any} run
 * @param {string[]} names
 */
function row(run, names) {
  return h("tr", null,
    h("td", null, h("a", { href: `/t/${run.id}` }, run.name || tail(run.id)), " ", h("span", { class: "mono muted" }, tail(run.id))),
    h("td", null, stateMark(run.state)),
    h("td", null, run.experiment),
    names.map((name) => h("td", { class: "num" }, number(run.metrics[name]))),
    h("td", { class: "num" }, run.children ? String(run.children) : ""),
    h("td", { class: "nowrap" }, run.started && run.ended ? duration(run.ended - run.started) : ""),
    h("td", { class: "muted nowrap", title: run.id }, ago(run.started)));
}
