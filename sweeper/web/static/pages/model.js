// One registered model, or one version of it: where it comes from, what points at it, what happened to it.

import { lineChart } from "../charts/lines.js";
import { get, said, send, writable } from "../core/api.js";
import { command } from "../core/copy.js";
import { button, h, replace, table } from "../core/dom.js";
import { ago, bytes, number, tail, value, when } from "../core/format.js";
import { parameterTable } from "../parts/parameters.js";

const at = encodeURIComponent;
const MOST_METRICS = 6;

/**
 * @param {HTMLElement} main
 * @param {string} name
 */
export async function show(main, name) {
  const { version } = document.documentElement.dataset;
  document.title = `${name}${version ? ` v${version}` : ""} · sweeper`;
  const again = () => show(main, name);
  if (version) replace(main, ...versionParts(await get(`models/${at(name)}/${at(version)}`), await get(`models/${at(name)}`), again));
  else replace(main, ...modelParts(await get(`models/${at(name)}`), again));
}

/**
 * @param {any} model
 * @param {() => Promise<void>} again
 */
function modelParts(model, again) {
  const rows = model.list.map((/** @type {any} */ each) => h("tr", null,
    h("td", { class: "num" }, h("a", { href: `/models/${at(each.name)}/${each.version}` }, `v${each.version}`)),
    h("td", null, each.aliases.map((/** @type {string} */ alias) => h("span", { class: "chip" }, `@${alias}`))), h("td", null, each.stage === "None" ? "" : each.stage),
    h("td", { class: "num" }, scores(each)),
    h("td", null, origin(each)), h("td", null, each.user), h("td", { class: "muted nowrap", title: when(each.created) }, ago(each.created))));
  const went = Object.entries(model.progress?.metrics ?? {}).map(([name, values]) => ({ name, x: model.progress.versions, y: /** @type {number[]} */ (values) }))
    .map((line) => ({ ...line, x: line.x.filter((/** @type {number} */ _, /** @type {number} */ i) => Number.isFinite(line.y[i])), y: line.y.filter(Number.isFinite) })).filter((line) => line.x.length > 1);
  return [
    h("section", { class: "panel" }, h("p", { class: "crumbs" }, h("a", { href: "/models" }, "Models")), h("div", { class: "title" }, h("h1", null, model.name)), model.description ? h("p", null, model.description) : null,
      h("div", { class: "wide", tabindex: "0" }, h("table", { data: { versions: String(rows.length) } }, h("caption", { class: "sr" }, "Versions"), h("thead", null, h("tr", null,
        ["version", "aliases", "stage", "values", "from", "by", "registered"].map((text, i) => h("th", { scope: "col", class: i === 0 || i === 3 ? "num" : null }, text)))), h("tbody", null, rows)))),
    aliases(model, again),
    went.length ? h("section", { class: "panel" }, h("header", null, h("h2", null, "Metrics by version")), h("div", { class: "columns" },
      went.slice(0, MOST_METRICS).map((line) => lineChart([line], { x: "version", y: "", whole: true, sentence: `${line.name} over the versions of ${model.name}.` })))) : "",
    history(model.history),
  ].filter((each) => each !== "");
}

/**
 * @param {any} version
 * @param {any} model
 * @param {() => Promise<void>} again
 */
function versionParts(version, model, again) {
  const params = Object.entries(version.params).map(([name, found]) => ({ name, value: found }));
  const metrics = Object.entries(version.metrics);
  return [
    h("section", { class: "panel" },
      h("p", { class: "crumbs" }, h("a", { href: "/models" }, "Models"), " / ", h("a", { href: `/models/${at(version.name)}` }, version.name)),
      h("div", { class: "title" }, h("h1", null, `${version.name}, version ${version.version}`), version.aliases.map((/** @type {string} */ alias) => h("span", { class: "chip good" }, `@${alias}`)), version.stage === "None" ? null : h("span", { class: "chip" }, version.stage),
        version.previous ? h("a", { href: `/models/${at(version.name)}/${version.previous}` }, `← v${version.previous}`) : null, version.next ? h("a", { href: `/models/${at(version.name)}/${version.next}` }, `v${version.next} →`) : null),
      version.state === "READY" ? null : h("p", { class: "note" }, version.message || version.state),
      version.runs_code ? h("p", { class: "note" }, "Loading this model runs code that it brings along: ", String(version.runs_code)) : null,
      h("dl", { class: "list" }, facts(version))),
    writable() ? promote(version, model, again) : "",
    h("div", { class: "columns" },
      params.length ? h("section", { class: "panel" }, h("header", null, h("h2", null, "Parameters")), parameterTable(params, "Parameters")) : null,
      metrics.length ? h("section", { class: "panel" }, h("header", null, h("h2", null, "Metrics")), h("dl", { class: "list" }, metrics.flatMap(([name, found]) => [h("dt", null, name), h("dd", { class: "mono" }, number(/** @type {number} */ (found)))]))) : null,
      h("section", { class: "panel" }, h("header", null, h("h2", null, "Use it")), version.commands.map((/** @type {any} */ each) => h("p", null, command(each.command, each.label))))),
    version.differences.length ? h("section", { class: "panel" }, h("header", null, h("h2", null, `Differs from version ${version.previous} in`)), h("div", { class: "wide", tabindex: "0" }, differences(version))) : "",
    history(version.history),
  ].filter((each) => each !== "");
}

/** @param {any} version */
function facts(version) {
  const rows = [["Registered", `${when(version.created)}${version.user ? ` by ${version.user}` : ""}`], ["From", origin(version)], ["Files", version.location],
    ["Size", version.size ? bytes(version.size) : ""], ["Kinds", version.flavors.join(", ")], ["About", version.description]];
  return rows.filter(([, text]) => text).flatMap(([name, text]) => [h("dt", null, name), h("dd", null, text)]);
}

/** @param {any} version */
function origin(version) {
  if (version.sweep) return h("span", null, h("a", { href: `/s/${version.sweep.id}` }, version.sweep.name), version.run_id ? [", ", h("a", { href: `/t/${version.run_id}` }, version.number === null || version.number === undefined ? "run" : `trial ${version.number}`)] : null);
  return version.run_id ? h("a", { href: `/t/${version.run_id}` }, `run ${tail(version.run_id)}`) : "";
}

/** @param {any} version */
function scores(version) {
  return (version.values ?? []).map((/** @type {number} */ v, /** @type {number} */ i) => `${version.goals[i]?.name ?? ""} ${number(v)}`).join(", ");
}

/** @param {any} version */
function differences(version) {
  const rows = version.differences.map((/** @type {any} */ row) => [row.group, row.name, value(row.one), value(row.other)]);
  return table("", ["", "what", `v${version.previous}`, `v${version.version}`], rows);
}

/**
 * @param {any} model
 * @param {() => Promise<void>} again
 */
function aliases(model, again) {
  const rows = Object.entries(model.aliases).map(([alias, version]) => h("tr", null, h("th", { scope: "row" }, `@${alias}`), h("td", null, h("a", { href: `/models/${at(model.name)}/${version}` }, `v${version}`)),
    h("td", null, writable() ? button("Remove", () => change(`models/${at(model.name)}/alias`, { alias, version: null, expect: version }, again), { class: "quiet", "aria-label": `Remove alias ${alias}` }) : null)));
  return rows.length ? h("section", { class: "panel" }, h("header", null, h("h2", null, "Aliases")), h("table", null, h("caption", { class: "sr" }, "Aliases"), h("tbody", null, rows))) : "";
}

/**
 * Move an alias or a stage here. The version that the page saw goes along, so that two people do not overtake each other.
 * @param {any} version
 * @param {any} model
 * @param {() => Promise<void>} again
 */
function promote(version, model, again) {
  const alias = h("input", { "aria-label": "Alias", placeholder: "alias, e.g. champion", list: "aliases", size: "18", autocomplete: "off" });
  const stage = h("select", { "aria-label": "Stage" }, version.stages.map((/** @type {string} */ name) => h("option", { value: name, selected: name === version.stage }, name)));
  const archive = h("input", { type: "checkbox", id: "archive", checked: true });
  const path = `models/${at(version.name)}`;
  return h("section", { class: "panel promote" }, h("header", null, h("h2", null, "Promote")),
    h("div", { class: "row" }, alias, h("datalist", { id: "aliases" }, Object.keys(model.aliases).map((name) => h("option", { value: name }))),
      button("Point it here", () => alias.value.trim() && change(`${path}/alias`, { alias: alias.value.trim(), version: version.version, expect: model.aliases[alias.value.trim()] ?? 0 }, again)),
      stage, h("label", { for: "archive" }, archive, " archive others of that stage"),
      button("Set stage", () => change(`${path}/stage`, { version: version.version, stage: stage.value, archive: archive.checked, expect: version.stage }, again))),
    h("p", { class: "muted", role: "status", id: "said" }));
}

/**
 * @param {string} path
 * @param {Record<string, any>} body
 * @param {() => Promise<void>} again
 */
async function change(path, body, again) {
  try {
    await send(path, body);
    await again();
  } catch (error) {
    const told = document.getElementById("said") ?? document.querySelector("main")?.appendChild(h("p", { role: "alert" }));
    if (told) [told.className, told.textContent] = ["note bad", said(error)];
  }
}

/** @param {any[]} changes */
function history(changes) {
  if (!changes?.length) return "";
  const rows = changes.map((each) => [when(each.time), each.version ? `v${each.version}` : "", happened(each), each.user]);
  return h("section", { class: "panel" }, h("header", null, h("h2", null, "History")), h("div", { class: "wide", tabindex: "0" }, table("", ["when", "version", "what", "by"], rows)));
}

/** @param {any} change */
function happened(change) {
  if (change.kind === "alias") return change.new ? `@${change.subject} points at v${change.new}${change.old ? `, before at v${change.old}` : ""}` : `@${change.subject} removed, before at v${change.old}`;
  if (change.kind === "stage") return `stage ${change.old} to ${change.new}`;
  return change.kind === "renamed" ? `renamed from ${change.old} to ${change.new}` : change.kind;
}
