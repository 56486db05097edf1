// Which parameters matter for the goal, how sure that is, and with which partner.

import { button, h, replace, table, twin } from "../core/dom.js";
import { count, number } from "../core/format.js";
import { goalChoice, panel } from "./panel.js";

/** @typedef {import("../core/view.js").View} View */

/**
 * @typedef {object} Param
 * @property {string} name
 * @property {number | null} value share of the variance, 0 to 1
 * @property {number | null} low
 * @property {number | null} high
 * @property {boolean} uncertain
 * @property {any} top20 what the best fifth has in common
 * @property {number | null} tunability
 * @property {any} partner
 * @property {string | null} text
 */

const PAUSES = [0.5, 1, 2, 4, 8]; // seconds between questions while it is computed
const STALE = 20; // seconds after which changed trials are worth another computation
const SHOWN = 12; // parameters before "all"

/**
 * @param {View} view
 * @returns {HTMLElement}
 */
export function importance(view) {
  const words = h("p", { class: "sentence" }), bars = h("div", { class: "bars", role: "list" }), note = h("p", { class: "muted", role: "status" });
  /** @type {{all: boolean, turn: number, asked: number, answer: any}} */
  const state = { all: false, turn: 0, asked: 0, answer: null };
  const more = button("All parameters", () => {
    state.all = !state.all;
    draw();
  }, { class: "quiet", hidden: true });
  const all = twin("Importance as a table", () => twinTable(state.answer?.params ?? []));
  const root = panel("importance", "What matters", goalChoice(view), words, bars, more, note, all);
  const draw = () => show(view, root, { words, bars, note, more, all }, state);
  const ask = async () => {
    const turn = ++state.turn;
    state.asked = Date.now();
    for (let tried = 0; turn === state.turn; tried++) {
      const answer = await view.source.importance(view.goal).catch((error) => ({ reason: String(error.message ?? error), params: [] }));
      if (turn !== state.turn) return;
      const computing = answer?.state === "computing";
      root.dataset.state = computing ? "computing" : "ready";
      state.answer = computing ? answer.last ?? state.answer : answer;
      draw();
      if (!computing) return;
      await new Promise((done) => { setTimeout(done, 1000 * PAUSES[Math.min(tried, PAUSES.length - 1)]); });
    }
  };
  view.on("goal", () => {
    state.answer = null;
    void ask();
  });
  view.on("columns", () => (Date.now() - state.asked) / 1000 > STALE && void ask());
  void ask();
  return root;
}

/**
 * @param {View} view
 * @param {HTMLElement} root
 * @param {Record<"words" | "bars" | "note" | "more" | "all", HTMLElement>} parts
 * @param {{all: boolean, answer: any}} state
 */
function show(view, root, parts, { all, answer }) {
  const { words, bars, note, more } = parts;
  const params = /** @type {Param[]} */ (answer?.params ?? []), computing = root.dataset.state === "computing";
  root.dataset.top = params[0]?.name ?? "";
  root.dataset.params = String(params.length);
  words.textContent = sentence(view, params, answer, computing);
  const most = Math.max(1e-9, ...params.map((each) => each.high ?? each.value ?? 0));
  replace(bars, (all ? params : params.slice(0, SHOWN)).map((each) => bar(root, each, most)));
  parts.all.hidden = params.length === 0;
  more.hidden = params.length <= SHOWN;
  more.textContent = all ? "Fewer" : `All ${params.length} parameters`;
  note.textContent = [computing && params.length ? "Being computed again." : "", answer?.note ?? "", params.length ? answer?.reason ?? "" : ""].filter(Boolean).join(" ");
  note.hidden = !note.textContent;
  if (params.length) arrange(view, params);
}

/**
 * @param {View} view
 * @param {Param[]} params
 * @param {any} answer
 * @param {boolean} computing
 */
function sentence(view, params, answer, computing) {
  const goal = view.sweep.goals[view.goal]?.name ?? "the goal";
  if (!params.length) return answer?.reason || (computing ? "Being computed." : "There is nothing to say yet about what matters.");
  const top = params.filter((each) => !each.uncertain).slice(0, 2).map((each) => each.name);
  const basis = answer.n ? ` (${count(answer.n, "trial")}${answer.method ? `, ${answer.method}` : ""})` : "";
  if (!top.length) return `No parameter surely matters for ${goal}${basis}.`;
  return `${top.join(" and then ")} ${top.length > 1 ? "matter" : "matters"} most for ${goal}${basis}.`;
}

/**
 * @param {HTMLElement} root
 * @param {Param} param
 * @param {number} most the right end
 */
function bar(root, param, most) {
  const value = param.value ?? 0, low = param.low ?? value, high = param.high ?? value;
  const go = () => root.dispatchEvent(new CustomEvent("parameter", { bubbles: true, detail: { name: param.name } }));
  const partner = typeof param.partner === "string" ? param.partner : param.partner?.name ?? "";
  return h(
    "div", { class: `bar-row${param.uncertain ? " uncertain" : ""}`, role: "listitem" },
    button(param.name, go, { class: "quiet name", title: `Show the slice of ${param.name}` }),
    h(
      "div", { class: "share", "aria-hidden": "true" },
      h("i", { class: "fill", style: { "--part": value / most } }),
      h("i", { class: "whisker", style: { "--from": low / most, "--part": Math.max(0, high - low) / most } }),
    ),
    h("span", { class: "num", title: high > low ? `${number(low, 2)} to ${number(high, 2)}` : null }, number(value, 2), param.uncertain ? h("small", null, " uncertain") : null),
    h("span", { class: "muted remark" }, [partner ? `together with ${partner}` : "", param.text ?? ""].filter(Boolean).join(" · ")),
  );
}

/**
 * @param {View} view
 * @param {Param[]} params
 */
function arrange(view, params) {
  const names = params.map((each) => each.name).filter((name) => view.order.includes(name));
  view.arrange([...names, ...view.order.filter((name) => !names.includes(name))]);
}

/** @param {Param[]} params */
function twinTable(params) {
  const text = (/** @type {any} */ value) => (value === null || value === undefined ? "" : typeof value === "number" ? number(value, 3) : typeof value === "string" ? value : value.text ?? value.name ?? JSON.stringify(value));
  return table(
    "Importance of parameters", ["Parameter", "Importance", "From", "To", "Sure", "In the best fifth", "Tunability", "Partner"],
    params.map((each) => [each.name, text(each.value), text(each.low), text(each.high), each.uncertain ? "no" : "yes", text(each.top20), text(each.tunability), text(each.partner)]),
    new Set([1, 2, 3, 6]),
  );
}
