// How a sweep or a run stands, in words and as a bar.

import { h } from "../core/dom.js";
import { count, grouped } from "../core/format.js";

const ORDER = ["complete", "pruned", "failed", "cancelled", "running", "queued"];

/** @param {string} state */
export function stateMark(state) {
  return h("span", { class: "state", data: { state } }, state);
}

/**
 * Progress by state; what is not begun stays empty.
 * @param {Record<string, number>} counts
 * @param {number | null} planned
 */
export function progressBar(counts, planned) {
  const total = Math.max(planned ?? 0, ORDER.reduce((sum, state) => sum + (counts[state] ?? 0), 0), 1);
  const shown = ORDER.filter((state) => state !== "queued" && counts[state]);
  return h(
    "div", { class: "bar", role: "img", "aria-label": countsText(counts, planned) },
    shown.map((state) => h("i", { class: state, style: { "--part": String(counts[state] / total) } })),
  );
}

/**
 * @param {Record<string, number>} counts
 * @param {number | null} planned
 */
export function countsText(counts, planned) {
  const total = ORDER.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  const parts = ORDER.filter((state) => counts[state]).map((state) => `${grouped(counts[state])} ${state}`);
  const ended = total - (counts.queued ?? 0) - (counts.running ?? 0);
  const head = planned ? `${grouped(ended)} of ${count(planned, "trial")} ended` : count(total, "trial");
  return parts.length ? `${head}: ${parts.join(", ")}` : head;
}
