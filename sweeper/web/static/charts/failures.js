// Why trials failed: by cause, and where in the search space.

import { rowOf } from "../core/columns.js";
import { button, h, link, replace } from "../core/dom.js";
import { count, grouped, when } from "../core/format.js";
import { factName } from "../core/selection.js";
import { panel, place } from "./panel.js";

/** @typedef {import("../core/view.js").View} View */

/**
 * @typedef {object} Group
 * @property {string} kind
 * @property {string} message
 * @property {string | null} place file and line
 * @property {number} size
 * @property {number[]} numbers
 * @property {{text: string} | null} region where in the space they lie, and how many others do
 * @property {string | null} traceback
 * @property {number | null} first
 * @property {number | null} last
 * @property {string | null} run_id
 */

const PAUSE = 2000; // milliseconds between questions while trials fail one after another
const KEPT = 300; // trials that an address can name

/**
 * @param {View} view
 * @returns {HTMLElement}
 */
export function failures(view) {
  const body = h("div", { class: "causes" }), words = h("p", { class: "sentence" });
  const root = panel("failures", "Failures", null, words, body);
  let known = -1, asked = 0, last = 0, timer = 0;
  const refresh = async () => {
    const failed = failedTrials(view), wait = last + PAUSE - Date.now();
    clearTimeout(timer);
    if (failed === known) return;
    if (wait > 0) return void (timer = setTimeout(refresh, wait));
    [known, last] = [failed, Date.now()];
    const turn = ++asked;
    const groups = failed ? await view.source.failures().catch(() => null) : [];
    if (turn !== asked) return;
    if (groups === null) known = -1;
    else show(view, root, words, body, failed, groups);
  };
  view.on("columns", refresh);
  void refresh();
  return root;
}

/** @param {View} view */
function failedTrials({ columns }) {
  const failed = columns.states.indexOf("failed");
  let found = 0;
  for (const state of columns.state) if (state === failed) found++;
  return found;
}

/**
 * @param {View} view
 * @param {HTMLElement} root
 * @param {Element} words
 * @param {Element} body
 * @param {number} failed
 * @param {Group[]} groups
 */
function show(view, root, words, body, failed, groups) {
  const all = view.columns.n;
  root.dataset.groups = String(groups.length);
  root.classList.toggle("calm", failed === 0);
  words.textContent = failed === 0
    ? all > 1 ? `None of ${count(all, "trial")} failed.` : "No trial has failed."
    : `${grouped(failed)} of ${count(all, "trial")} failed, for ${count(groups.length, "reason")}.`;
  const unfolded = new Set([...body.querySelectorAll("article")].filter((each) => each.querySelector("details")?.open).map((each) => each.dataset.cause));
  replace(body, groups.map((group) => cause(view, group, unfolded.has(name(group)))));
}

/** @param {Group} group */
function name(group) {
  return `${group.kind} ${group.message} ${group.place ?? ""}`;
}

/**
 * @param {View} view
 * @param {Group} group
 * @param {boolean} open
 */
function cause(view, group, open) {
  const first = group.numbers[0], row = rowOf(view.columns.number, first), address = row < 0 ? null : place(view, row);
  const region = group.region?.text ?? "";
  const named = group.numbers.length, words = group.size === 1 ? "Select it" : named < group.size ? `Select the first ${grouped(named)}` : "Select these";
  const seen = group.first && group.last ? span(group.first, group.last) : "";
  return h(
    "article", { class: "cause", data: { cause: name(group), size: group.size } },
    h("div", { class: "size" }, `${grouped(group.size)} ×`),
    h(
      "div", { class: "grow" },
      h("p", null, h("strong", null, group.kind), group.message ? `: ${group.message}` : ""),
      h("p", { class: "muted" }, [group.place ? `at ${group.place}` : "", region ? `where ${region} trials` : "", seen].filter(Boolean).join(" · ")),
      group.traceback ? h("details", { open }, h("summary", null, "Traceback"), h("pre", { tabindex: "0" }, group.traceback)) : null,
    ),
    h(
      "div", { class: "row" },
      button(words, () => select(view, group), { "aria-label": `${words}: ${group.kind}` }),
      address ? link(address, `Trial ${first}`) : first === undefined ? null : h("span", { class: "muted" }, `Trial ${first}`),
    ),
  );
}

/**
 * @param {View} view
 * @param {Group} group
 */
function select(view, group) {
  view.select([{ name: factName(view.columns, "number"), levels: group.numbers.map(String) }], group.numbers.length <= KEPT);
}

/**
 * @param {number} first epoch seconds
 * @param {number} last
 */
function span(first, last) {
  const [from, to] = [when(first), when(last)], [day, clock] = to.split(" ");
  return from === to ? `seen ${to}` : `seen ${from} to ${from.startsWith(day) ? clock : to}`;
}
