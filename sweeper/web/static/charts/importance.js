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
 * @property {number | null} top20 its share among the best fifth of trials
 * @property {number | null} tunability
 * @property {string | null} partner with which it acts together
 * @property {number | null} partner_share
 * @property {number | null} past its share in sweeps before, while this one has too few trials
 * @property {string | null} text
 */

const PAUSES = [0.5, 1, 2, 4, 8]; // seconds between questions while it is computed
const STALE = 20; // seconds after which changed trials are worth another computation
const SHOWN = 12; // parameters before "all"
const LARGE = 0.05; // a share worth a word

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
      if (document.hidden) await new Promise((seen) => { document.addEventListener("visibilitychange", seen, { once: true }); });
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
  const known = params.filter((each) => share(each) !== null);
  root.dataset.top = known[0]?.name ?? "";
  root.dataset.params = String(params.length);
  words.textContent = sentence(view, params, answer, computing);
  const most = Math.max(1e-9, ...params.map((each) => each.high ?? share(each) ?? 0));
  bars.hidden = known.length === 0;
  replace(bars, (all ? params : params.slice(0, SHOWN)).map((each) => bar(root, each, most)));
  parts.all.hidden = known.length === 0;
  more.hidden = params.length <= SHOWN || known.length === 0;
  more.textContent = all ? "Fewer" : `All ${params.length} parameters`;
  note.textContent = [computing && known.length ? "Being computed again." : "", answer?.note ?? ""].filter(Boolean).join(" ");
  note.hidden = !note.textContent;
  if (known.length) arrange(view, params);
}

/**
 * What matters in a sentence; nothing is said to matter that is not surely so.
 * @param {View} view
 * @param {Param[]} params
 * @param {any} answer
 * @param {boolean} computing
 */
function sentence(view, params, answer, computing) {
  if (answer?.reason) return answer.reason;
  if (!params.length) return computing ? "What matters is being computed." : "There is nothing to say yet about what matters.";
  const goal = view.sweep.goals[view.goal]?.name ?? "the goal", large = params.filter((each) => (each.value ?? 0) >= LARGE).slice(0, 2);
  const sure = large.filter((each) => !each.uncertain).map((each) => each.name);
  if (!large.length) return `No parameter matters much for ${goal}.`;
  if (large[0].uncertain) return `${large[0].name} may matter most for ${goal}, but ${answer.n ? count(answer.n, "trial leaves", "trials leave") : "so few trials leave"} that uncertain.`;
  return `${sure.join(" and then ")} ${sure.length > 1 ? "matter" : "matters"} most for ${goal}.`;
}

/**
 * The share that a bar shows: of this sweep, or of those before it.
 * @param {Param} param
 */
function share(param) {
  return param.value ?? param.past ?? null;
}

/**
 * @param {HTMLElement} root
 * @param {Param} param
 * @param {number} most the right end
 */
function bar(root, param, most) {
  const value = share(param) ?? 0, uncertain = param.uncertain || param.value === null, low = param.low ?? value, high = param.high ?? value;
  const go = () => root.dispatchEvent(new CustomEvent("parameter", { bubbles: true, detail: { name: param.name } }));
  const partner = param.partner ? `together with ${param.partner}${param.partner_share ? ` ${number(param.partner_share, 2)}` : ""}` : "";
  return h(
    "div", { class: `bar-row${uncertain ? " uncertain" : ""}`, role: "listitem" },
    button(param.name, go, { class: "quiet name", title: `Show the slice of ${param.name}` }),
    h(
      "div", { class: "share", "aria-hidden": "true" },
      h("i", { class: "fill", style: { "--part": value / most } }),
      h("i", { class: "whisker", style: { "--from": low / most, "--part": Math.max(0, high - low) / most } }),
    ),
    h("span", { class: "num", title: high > low ? `${number(low, 2)} to ${number(high, 2)}` : null }, share(param) === null ? "–" : number(value, 2), param.uncertain ? h("small", null, " uncertain") : null),
    h("span", { class: "muted remark" }, [partner, param.text ?? ""].filter(Boolean).join(" · ")),
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
  const text = (/** @type {number | null} */ value) => number(value, 3);
  return table(
    "Importance of parameters", ["Parameter", "Share", "From", "To", "Sure", "Among the best 20 %", "Tunability", "Together with"],
    params.map((each) => [
      each.name, text(share(each)), text(each.low), text(each.high), each.uncertain || each.value === null ? "no" : "yes", text(each.top20), text(each.tunability), each.partner,
    ]),
    new Set([1, 2, 3, 5, 6]),
  );
}
