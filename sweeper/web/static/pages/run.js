// One run: a trial, what it nests, or a run outside sweeps.

import { get, writable } from "../core/api.js";
import { command, copyButton } from "../core/copy.js";
import { button, h, link, table } from "../core/dom.js";
import { ago, bytes, duration, exact, grouped, number, tail, when } from "../core/format.js";
import { bind } from "../core/keys.js";
import { follow } from "../core/live.js";
import { register } from "../parts/actions.js";
import { files } from "../parts/files.js";
import { log } from "../parts/log.js";
import { parameterTable } from "../parts/parameters.js";
import { runCurves } from "../parts/run_curves.js";
import { stateMark } from "../parts/state.js";
import { ownTags } from "../parts/tags.js";
import { tree } from "../parts/tree.js";

/**
 * @param {HTMLElement} main
 * @param {string} ref
 */
export async function show(main, ref) {
  const ask = () => get(`trials/${encodeURIComponent(ref)}`);
  const draw = drawing(main);
  let found = await ask();
  draw(found);
  if (found.run.ended) return;
  const end = follow(found.sweep?.id ?? null, async () => {
    const now = await ask();
    if (JSON.stringify([now.run, now.metrics]) === JSON.stringify([found.run, found.metrics])) return;
    draw((found = now));
    if (now.run.ended) end();
  });
}

/** A part of the page: its name, what it shows, and how it is made. @typedef {[string, any, () => Node]} Part */

/**
 * Draws what a run is. What shows the same as before stays as it is, with the focus and what is open in it.
 * @param {HTMLElement} main
 */
function drawing(main) {
  /** @type {Map<string, {shown: string, node: Node}>} */
  const known = new Map();
  return (/** @type {any} */ found) => {
    document.title = `${title(found)} · sweeper`;
    Object.assign(main.dataset, { run: found.run.id, state: found.run.state });
    settle(main, parts(found).map(([name, shows, make]) => {
      const shown = JSON.stringify(shows), before = known.get(name);
      if (before?.shown === shown) {
        before.node.dispatchEvent(new Event("again"));
        return before.node;
      }
      const node = make();
      known.set(name, { shown, node });
      return node;
    }));
    keys(found);
    placed(found.sweep ? "/" : "/runs");
  };
}

/**
 * Give an element these children; those that it has are not touched.
 * @param {HTMLElement} element
 * @param {Node[]} wanted
 */
function settle(element, wanted) {
  for (const each of [...element.childNodes]) if (!wanted.includes(each)) each.remove();
  wanted.forEach((each, i) => {
    if (element.childNodes[i] !== each) element.insertBefore(each, element.childNodes[i] ?? null);
  });
}

/** Tell which of the pages lead here. @param {string} address */
function placed(address) {
  for (const each of document.querySelectorAll("body > header nav a")) {
    if (each.getAttribute("href") === address) each.setAttribute("aria-current", "page");
    else each.removeAttribute("aria-current");
  }
}

/** @param {any} found */
function title(found) {
  if (found.number !== null) return `Trial ${found.number}`;
  return found.run.name || `Run ${tail(found.run.id)}`;
}

/** @param {any} found */
function head(found) {
  const { run, sweep } = found;
  const value = Array.isArray(found.value) ? found.value : found.value === null ? [] : [found.value];
  return h("section", { class: "panel head" },
    h("p", { class: "crumbs" }, sweep ? link("/", "Sweeps") : link("/runs", "Runs"), found.lineage.map((/** @type {any} */ each) => [" / ", link(each.kind === "sweep" ? `/s/${each.id}` : `/t/${each.id}`, each.name || tail(each.id))])),
    h("div", { class: "title" }, h("h1", null, title(found)), h("span", { class: "mono muted", title: run.id }, tail(run.id)), stateMark(run.state),
      found.registered.map((/** @type {any} */ each) => h("a", { class: "chip good", href: `/models/${encodeURIComponent(each.model ?? each.name)}/${each.version}` }, `${each.model ?? each.name} v${each.version}`)),
      h("span", { class: "row tools" }, found.prev ? link(`/t/${found.prev}`, "← better", { class: "button" }) : null, found.next ? link(`/t/${found.next}`, "worse →", { class: "button" }) : null,
        writable() && run.state === "complete" ? button("Register", () => register({ run_id: run.id, what: title(found).toLowerCase(), suggestion: sweep?.name ?? run.name }), { class: "primary" }) : null,
        copyButton("Copy command", found.commands[0]?.command ?? `sweeper show ${tail(run.id)}`))),
    h("div", { class: "row" }, value.map((/** @type {any} */ each, /** @type {number} */ i) => [h("span", { class: "big", title: exact(each) }, number(each)), h("span", { class: "muted" }, sweep?.goals[i]?.name ?? "")]),
      found.rank ? h("span", null, `${ordinal(found.rank)} of ${grouped(found.of)} complete trials`) : null,
      found.front ? h("span", null, "no other trial is better in every goal") : null,
      run.seconds !== null ? h("span", null, `took ${duration(run.seconds)}`) : null,
      run.started ? h("span", { class: "muted", title: when(run.started) }, `started ${ago(run.started)}`) : null,
      found.worker ? h("span", { class: "muted" }, found.worker) : null, run.deleted ? h("span", { class: "chip bad" }, "deleted") : null),
    found.failure ? failure(found.failure) : null);
}

/** @param {any} found */
function failure(found) {
  const ended = [found.exit_code !== null ? `exit code ${found.exit_code}` : "", found.signal !== null && found.signal !== undefined ? `signal ${found.signal}` : ""].filter(Boolean).join(", ");
  return h("div", { class: "note bad" }, h("strong", null, found.kind), ended ? ` (${ended})` : "", ": ", found.message,
    found.traceback ? h("details", { open: true }, h("summary", null, "Traceback"), h("pre", { tabindex: "0", class: "file", "aria-label": "Traceback" }, found.traceback)) : null);
}

/**
 * @param {any} found
 * @returns {Part[]}
 */
function parts(found) {
  const { run, sweep, curves, commands } = found;
  /** @type {(Part | null)[]} */
  const all = [
    ["head", [run, found.value, found.rank, found.of, found.front, found.prev, found.next, found.registered, found.failure, found.worker, found.lineage, commands], () => head(found)],
    ["values", [found.params, found.metrics, sweep?.best], () => values(found)],
    curves.length ? ["curves", [curves, sweep?.leaders], () => runCurves(found)] : null,
    found.tree.length ? ["tree", [found.tree, found.tree_stats], () => tree(found)] : null,
    ["output", [found.artifacts, run.state, found.attempts.length], () => h("div", { class: "columns" }, found.artifacts ? files(run.id) : null, log(found))],
    found.attempts.length > 1 ? ["attempts", found.attempts, () => attempts(found)] : null,
    ["made", [found.code, found.environment, found.packages, found.tags, commands], () => h("div", { class: "columns" }, code(found), environment(found), tags(found), next(commands))],
  ];
  return all.filter((each) => each !== null);
}

/** @param {{label: string, command: string}[]} commands */
function next(commands) {
  return h("section", { class: "panel" }, h("header", null, h("h2", null, "Next"), h("span", { class: "muted" }, "on the command line")), commands.map((each) => h("p", null, command(each.command, each.label))));
}

/** @param {any} found */
function values(found) {
  const params = found.params.filter((/** @type {any} */ each) => each.active !== false).map((/** @type {any} */ each) => ({ ...each, range: each.text ?? "", differs: found.sweep?.best && found.sweep.best.run_id !== found.run.id ? each.differs : undefined }));
  const inactive = found.params.filter((/** @type {any} */ each) => each.active === false).map((/** @type {any} */ each) => each.name);
  const metrics = Object.entries(found.metrics);
  const differing = params.filter((/** @type {any} */ each) => each.differs).map((/** @type {any} */ each) => each.name);
  return h("div", { class: params.length ? "columns values" : "columns" },
      params.length ? h("section", { class: "panel" }, h("header", null, h("h2", null, "Parameters"),
        differing.length ? h("span", { class: "muted" }, `differs from the best trial in ${differing.join(", ")}`) : null,
        h("span", { class: "tools" }, copyButton("Copy", () => params.map((/** @type {any} */ each) => `${each.name}: ${JSON.stringify(each.value)}`).join("\n")))),
      h("div", { class: "wide", tabindex: "0" }, parameterTable(params, "Parameters of this run")), inactive.length ? h("p", { class: "muted" }, `not set: ${inactive.join(", ")}`) : null) : null,
      h("section", { class: "panel" }, h("header", null, h("h2", null, "Metrics")),
        metrics.length ? h("dl", { class: "list" }, metrics.flatMap(([name, each]) => [h("dt", null, name), h("dd", { class: "mono", title: exact(/** @type {any} */ (each)) }, number(/** @type {any} */ (each)))])) : h("p", { class: "empty" }, "No metric was logged.")));
}

/** @param {any} found */
function attempts(found) {
  const rows = found.attempts.map((/** @type {any} */ each) => [String(each.attempt), each.state, each.started && each.ended ? duration(each.ended - each.started) : "", each.worker, each.failure ? (each.failure.message ?? JSON.stringify(each.failure)) : "", each.peak_memory ? bytes(each.peak_memory) : ""]);
  return h("section", { class: "panel" }, h("header", null, h("h2", null, "Attempts")), h("div", { class: "wide", tabindex: "0" }, table("", ["attempt", "state", "took", "worker", "why it ended", "memory"], rows, new Set([0]))));
}

/** @param {any} found */
function code(found) {
  const { code: each } = found;
  if (!each?.version && !each?.diff) return null;
  const diff = (/** @type {string} */ summary, /** @type {string} */ text) => h("details", null, h("summary", null, summary), h("pre", { class: "file", tabindex: "0", "aria-label": summary },
    text.split("\n").map((line) => h("span", { class: `line ${line.startsWith("+") ? "added" : line.startsWith("-") ? "gone" : ""}` }, line + "\n"))));
  return h("section", { class: "panel" }, h("header", null, h("h2", null, "Code")),
    h("p", null, h("code", null, each.version.slice(0, 12)), each.branch ? ` on ${each.branch}` : "", each.dirty ? h("span", { class: "warn" }, ` with changes that were not committed (+${each.added} −${each.removed})`) : ""),
    each.diff ? diff("Changes that were not committed", each.diff) : null,
    each.diff_to_best ? diff("Differs from the best trial's code", each.diff_to_best) : found.sweep && found.sweep.best && found.sweep.best.run_id !== found.run.id ? h("p", { class: "muted" }, "Same code as the best trial.") : null);
}

/** @param {any} found */
function environment(found) {
  if (!found.environment.length && !found.packages?.length) return null;
  return h("section", { class: "panel" }, h("header", null, h("h2", null, "Environment")), h("dl", { class: "list" }, found.environment.flatMap(([name, text] = ["", ""]) => [h("dt", null, name), h("dd", null, text)])),
    found.packages?.length ? h("details", null, h("summary", null, `${found.packages.length} packages`), h("dl", { class: "list" }, found.packages.flatMap(([name, text] = ["", ""]) => [h("dt", null, name), h("dd", null, text)]))) : null);
}

/** @param {any} found */
function tags(found) {
  const own = ownTags(found.tags);
  return own.length ? h("section", { class: "panel" }, h("header", null, h("h2", null, "Tags")), h("dl", { class: "list" }, own.flatMap(([name, text]) => [h("dt", null, name), h("dd", null, text)]))) : null;
}

/** @param {any} found */
function keys(found) {
  if (found.prev) bind("[", "the next better trial", () => location.assign(`/t/${found.prev}`));
  if (found.next) bind("]", "the next worse trial", () => location.assign(`/t/${found.next}`));
}

/** @param {number} n */
function ordinal(n) {
  const last = n % 100 > 10 && n % 100 < 14 ? 0 : n % 10;
  return `${grouped(n)}${["th", "st", "nd", "rd"][last] ?? "th"}`;
}

