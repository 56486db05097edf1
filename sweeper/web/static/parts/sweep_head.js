// The head of a sweep: what it is, how it stands, how long it still takes, and what can be done about it.

import { address } from "../core/api.js";
import { copyButton } from "../core/copy.js";
import { h, replace } from "../core/dom.js";
import { ago, duration, number, tail } from "../core/format.js";
import { controls } from "./actions.js";
import { countsText, progressBar, stateMark } from "./state.js";
import { ownTags } from "./tags.js";

/** @param {import("../core/view.js").View} view */
export function head(view) {
  const made = h("section", { class: "panel head", "aria-label": "How the sweep stands" });
  const draw = () => {
    const { sweep } = view;
    replace(made, title(view), progressBar(sweep.counts, sweep.planned), standing(sweep), notes(view));
    Object.assign(made.dataset, { state: sweep.state, ended: String(ended(sweep.counts)) });
  };
  view.on("sweep", draw);
  draw();
  return made;
}

/** @param {import("../core/view.js").View} view */
function title(view) {
  const { sweep, source } = view, ref = tail(sweep.id);
  return h(
    "div", { class: "title" },
    h("h1", null, sweep.name), h("span", { class: "mono muted", title: sweep.id }, ref), stateMark(sweep.state),
    ownTags(sweep.tags).map(([key, text]) => h("span", { class: "chip" }, `${key}: ${text}`)),
    source.live ? h("span", { class: "row tools" }, controls(sweep, () => view.refresh()),
      h("a", { class: "button", href: address(`sweeps/${sweep.id}/report.html`, {}), download: `${sweep.name}.html` }, "Report"),
      h("a", { class: "button", href: `/compare?s=${ref}` }, "Compare"),
      copyButton("Copy command", `sweeper show ${ref}`)) : null,
  );
}

/** @param {any} sweep */
function standing(sweep) {
  const facts = [["Trials", countsText(sweep.counts, sweep.planned)]];
  if (sweep.eta?.text) facts.push(["Forecast", sweep.eta.text]);
  if (sweep.seconds) facts.push(["Time", duration(sweep.seconds)]);
  const paid = sweep.cost ? cost(sweep.cost) : "";
  if (paid) facts.push(["Cost", paid]);
  if (sweep.ended) facts.push(["Ended", ago(sweep.ended)]);
  else if (sweep.started) facts.push(["Started", ago(sweep.started)]);
  facts.push(["Method", sweep.method], [sweep.goals.length > 1 ? "Goals" : "Goal", sweep.goals.map((/** @type {any} */ goal) => `${goal.goal} ${goal.name}`).join(", ")]);
  return h("dl", { class: "facts" }, facts.map(([name, text]) => h("div", null, h("dt", null, name), h("dd", null, text))));
}

/** @param {any} found */
function cost(found) {
  const compute = found.seconds ? `${duration(found.seconds)} of compute` : "";
  return found.metric && found.value !== null ? [`${number(found.value)} ${found.metric}`, compute].filter(Boolean).join(", ") : compute;
}

/**
 * What a reader must know. That a sweep with a controller is not over yet is seen anyway.
 * @param {import("../core/view.js").View} view
 */
function notes({ sweep, source }) {
  const told = source.live && sweep.live;
  return [sweep.warning && !told ? h("p", { class: "note" }, sweep.warning) : null, sweep.returns ? h("p", { class: "muted" }, `${sweep.returns[0].toUpperCase()}${sweep.returns.slice(1)}.`) : null];
}

/** @param {Record<string, number>} counts */
function ended(counts) {
  return ["complete", "pruned", "failed", "cancelled"].reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}
