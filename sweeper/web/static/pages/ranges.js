// Ranges across past sweeps: where each parameter was searched, where the good values lay, what to search next.

import { lanes } from "../charts/lanes.js";
import { get, said as words } from "../core/api.js";
import { copyButton } from "../core/copy.js";
import { button, h, replace } from "../core/dom.js";
import { count, number } from "../core/format.js";
import * as url from "../core/url.js";
import { draft } from "../parts/draft.js";
import { pickSweeps } from "../parts/pick_sweeps.js";

const FIELDS = /** @type {[string, string][]} */ ([["p", "parameters"], ["metric", "metric"], ["tag", "tag=value"], ["objective", "objective"], ["name", "name pattern"]]);
const OPEN = 1; // groups that are shown in full at once
const ASPECTS = ["objective", "data", "code"];

/** @param {HTMLElement} main */
export async function show(main) {
  document.title = "Ranges · sweeper";
  const again = () => draw(main, again).catch((error) => replace(main, h("p", { class: "note bad", role: "alert" }, words(error))));
  await draw(main, again);
  url.onMove(again);
}

/**
 * @param {HTMLElement} main
 * @param {() => void} again other sweeps were chosen
 */
async function draw(main, again) {
  const groups = h("div", { class: "groups" }), said = h("p", { class: "muted", role: "status" }, "Reading past sweeps …");
  let asking = "";
  const load = async () => {
    const asked = Object.fromEntries([...FIELDS.map(([name]) => name), "sweeps", "merge"].map((name) => [name, url.get(name)]));
    asking = JSON.stringify(asked);
    const found = await get("ranges", asked);
    if (asking !== JSON.stringify(asked)) return; // something else was asked for meanwhile
    said.textContent = found.message ?? [summary(found.groups), ...found.notes].filter(Boolean).join(" ");
    main.dataset.groups = String(found.groups.length);
    replace(groups, found.groups.map((/** @type {any} */ each, /** @type {number} */ i) => group(each, i < OPEN)));
  };
  const asked = () => void load().catch((error) => { said.textContent = words(error); });
  replace(main, h("section", { class: "panel" }, h("header", null, h("h1", null, "Ranges across past sweeps"), said), controls(asked, again)), groups);
  await load();
}

/**
 * @param {() => void} load
 * @param {() => void} again
 */
function controls(load, again) {
  const refs = url.get("sweeps").split(",").filter(Boolean);
  const field = ([name, label] = ["", ""]) => h("input", {
    type: "search", placeholder: label, "aria-label": label, value: url.get(name), size: "15", spellcheck: "false",
    on: { change: (/** @type {any} */ event) => { url.write({ [name]: event.target.value.trim() }, true); load(); } },
  });
  const merged = new Set(url.get("merge").split(",").filter(Boolean));
  const merge = ASPECTS.map((aspect) => h("label", null, h("input", {
    type: "checkbox", checked: merged.has(aspect),
    on: { change: () => { if (!merged.delete(aspect)) merged.add(aspect); url.write({ merge: [...merged].join(",") }, true); load(); } },
  }), ` pool over ${aspect}`));
  return h("div", { class: "row" }, FIELDS.map(field), merge, pickSweeps(refs, 200, (chosen) => {
    url.write({ sweeps: chosen.join(",") }, true);
    again();
  }));
}

/** @param {any[]} groups */
function summary(groups) {
  if (groups.length < 2) return "";
  return `${count(groups.length, "group")} kept apart: sweeps of another objective, metric, data or code are not merged unless you say so.`;
}

/**
 * @param {any} found
 * @param {boolean} open
 */
function group(found, open) {
  const ids = found.sweeps.map((/** @type {any} */ sweep) => sweep.id);
  /** @type {Record<string, boolean>} */
  const accept = Object.create(null); // a parameter may be called __proto__
  return h("section", { class: "panel", data: { sweeps: String(ids.length) } },
    h("header", null, h("h2", null, found.title), h("span", { class: "muted" }, `${count(ids.length, "sweep")}, ${found.goal} ${found.metric}`),
      h("span", { class: "tools" }, button("Draft the next sweep", () => draft("ranges/draft", { sweeps: ids, accept }), { class: "primary" }), copyButton("Copy command", found.command))),
    found.differences.map((/** @type {string} */ text) => h("p", { class: "note" }, text)),
    h("details", { open }, h("summary", null, count(found.parameters.length, "parameter")), h("p", { class: "key muted" }, "thin: declared   thick: explored (half of the trials in the darker part)   green: the best 20 %   dot: the best   shaded: recommended"),
    found.parameters.map((/** @type {any} */ parameter) => h("section", { class: "parameter", id: `p-${parameter.parameter}` },
      h("header", { class: "row" }, h("h3", null, parameter.parameter), parameter.axis.log ? h("span", { class: "muted" }, "log") : null, advice(parameter, accept)),
      parameter.flags.map((/** @type {any} */ flag) => h("span", { class: "chip warn" }, flag.text)),
      lanes(parameter)))));
}

/**
 * What is recommended, with its evidence; a tick takes it into the draft or leaves it out.
 * @param {any} parameter
 * @param {Record<string, boolean>} accept
 */
function advice(parameter, accept) {
  const { recommendation: found, text, parameter: name } = parameter;
  const evidence = [found.reason, found.coverage === null ? "" : `${number(found.coverage * 100, 3)} % of the sweeps have their best in the range that the others give`, found.regret === null ? "" : `regret inside ${number(found.regret, 2)}`].filter(Boolean).join("; ");
  if (found.action === "keep") return h("span", { class: "muted" }, `keep ${text.declared}: ${found.reason}`);
  accept[name] = true;
  const tick = h("input", { type: "checkbox", checked: true, "aria-label": `Take ${text.recommended} for ${name} into the draft`, on: { change: (/** @type {any} */ event) => { accept[name] = event.target.checked; } } });
  return h("label", null, tick, " ", h("strong", null, `${found.action} to ${text.recommended}`), h("span", { class: "muted" }, ` (${evidence})`));
}
