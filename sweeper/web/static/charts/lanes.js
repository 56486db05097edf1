// One parameter over past sweeps: a lane per sweep on a shared axis, thin where it was declared, thick where it was explored,
// marks where the good trials lie.

import { onWidth } from "../core/canvas.js";
import { h, replace, svg, table, twin } from "../core/dom.js";
import { count, number, tail, value } from "../core/format.js";

const LANE = 26, TOP = 22, LEFT = 210, RIGHT = 290, NARROW = 720;

/**
 * @param {any} parameter as GET ranges gives it
 */
export function lanes(parameter) {
  const place = h("div", { class: "chart lanes" });
  const made = h("figure", { data: { parameter: parameter.parameter, lanes: String(parameter.lanes.length) } }, place,
    h("figcaption", { class: "muted" }, sentence(parameter)),
    twin("The same as a table", () => twinTable(parameter)));
  onWidth(place, (width) => replace(place, parameter.axis.kind === "choices" ? choices(parameter, width) : picture(parameter, width)));
  return made;
}

/** @param {any} parameter */
function sentence(parameter) {
  const { text } = parameter;
  const parts = [`Declared ${text.declared}`, text.explored ? `explored ${text.explored}` : "never explored", text.top ? `the best 20 % lie in ${text.top}` : "", text.best ? `best ${text.best}` : ""];
  return `${parts.filter(Boolean).join("; ")}.`;
}

/**
 * @param {any} parameter
 * @param {number} width
 */
function picture(parameter, width) {
  const left = width < NARROW ? 90 : LEFT, right = width < NARROW ? 20 : RIGHT;
  const X = (/** @type {number} */ at) => left + at * (width - left - right);
  const height = TOP + LANE * parameter.lanes.length + 6;
  const ticks = parameter.axis.ticks.map((/** @type {any} */ tick) => [svg("line", { x1: X(tick.at), x2: X(tick.at), y1: TOP - 4, y2: height, class: "grid" }), svg("text", { x: X(tick.at), y: 12, class: "middle" }, tick.label)]);
  const span = parameter.recommendation.action === "keep" ? null : parameter.recommended_span?.map((/** @type {number} */ at) => X(Math.max(0, Math.min(1, at))));
  const band = span ? svg("rect", { x: span[0], width: Math.max(2, span[1] - span[0]), y: TOP - 4, height: height - TOP + 4, class: "advice" }, svg("title", null, `recommended: ${parameter.text.recommended}`)) : null;
  const names = laneNames(parameter.lanes);
  return svg("svg", { width, height, role: "group", "aria-label": sentence(parameter) }, band, ticks,
    parameter.lanes.map((/** @type {any} */ lane, /** @type {number} */ i) => laneMarks({ ...lane, name: names[i] }, TOP + LANE * i + LANE / 2, X, left, width, right)));
}

/**
 * @param {any} lane
 * @param {number} y
 * @param {(at: number) => number} X
 * @param {number} left
 * @param {number} width
 * @param {number} right
 */
function laneMarks(lane, y, X, left, width, right) {
  const q = lane.quantile_places ?? [];
  const facts = [count(lane.n, "trial"), lane.best_value === null ? "" : `best ${number(lane.best_value)}`, lane.edge ? `at the ${lane.edge === "low" ? "lower" : "upper"} edge` : ""].filter(Boolean).join(", ");
  return svg("g", null,
    svg("a", { href: `/s/${lane.id}` }, svg("text", { x: left - 10, y: y + 4, class: "end name" }, short(lane.name, left < 100 ? 11 : 26)), svg("title", null, `${lane.name} ${tail(lane.id)}`)),
    lane.span?.length ? svg("line", { x1: X(lane.span[0]), x2: X(lane.span[1]), y1: y, y2: y, class: "declared" }) : null,
    q.length ? [svg("line", { x1: X(q[0]), x2: X(q[4]), y1: y, y2: y, class: "explored" }), svg("line", { x1: X(q[1]), x2: X(q[3]), y1: y, y2: y, class: "core" })] : null,
    lane.top_places.map((/** @type {number} */ at) => svg("line", { x1: X(at), x2: X(at), y1: y - 7, y2: y + 7, class: "good" })),
    lane.best_places.slice(0, 1).map((/** @type {number} */ at) => svg("circle", { cx: X(at), cy: y, r: 4.5, class: lane.edge ? "best edge" : "best" }, svg("title", null, `best: ${value(lane.best)}`))),
    right > 100 ? svg("text", { x: width - right + 14, y: y + 4, class: lane.edge ? "warn" : "facts" }, facts) : null);
}

/**
 * Categories: how often each was tried and was good, one lane per sweep.
 * @param {any} parameter
 * @param {number} width
 */
function choices(parameter, width) {
  const { labels } = parameter.axis, left = width < NARROW ? 90 : LEFT, right = 20, cell = (width - left - right) / labels.length;
  const height = TOP + LANE * parameter.lanes.length + 6;
  const names = laneNames(parameter.lanes);
  return svg("svg", { width, height, role: "group", "aria-label": sentence(parameter) },
    labels.map((/** @type {string} */ label, /** @type {number} */ i) => svg("text", { x: left + (i + 0.5) * cell, y: 12, class: "middle" }, short(label, Math.max(4, Math.floor(cell / 8))), svg("title", null, label))),
    parameter.lanes.map((/** @type {any} */ lane, /** @type {number} */ row) => {
      const y = TOP + LANE * row + LANE / 2, most = Math.max(1, ...lane.tried);
      return svg("g", null, svg("a", { href: `/s/${lane.id}` }, svg("text", { x: left - 10, y: y + 4, class: "end name" }, short(names[row], left < 100 ? 11 : 26))),
        labels.map((/** @type {string} */ label, /** @type {number} */ i) => {
          const tried = lane.tried[i], good = lane.good[i], x = left + i * cell + 6, room = cell - 12;
          return svg("g", null, svg("title", null, `${label}: ${lane.declares[i] ? "" : "not declared, "}tried ${tried}, good ${good}`),
            lane.declares[i] ? svg("line", { x1: x, x2: x + room, y1: y + 8, y2: y + 8, class: "declared" }) : null,
            tried ? svg("rect", { x, y: y - 6, width: Math.max(2, (room * tried) / most), height: 12, class: "tried" }) : null,
            good ? svg("rect", { x, y: y - 6, width: Math.max(2, (room * good) / most), height: 12, class: "goodbar" }) : null);
        }));
    }));
}

/**
 * Names of lanes; those that several sweeps have carry the end of the id.
 * @param {any[]} all
 * @returns {string[]}
 */
function laneNames(all) {
  const names = all.map((lane) => lane.name);
  return all.map((lane) => (names.indexOf(lane.name) === names.lastIndexOf(lane.name) ? lane.name : `${short(lane.name, 16)} ${tail(lane.id)}`));
}

/** @param {any} parameter */
function twinTable(parameter) {
  const rows = parameter.lanes.map((/** @type {any} */ lane) => [lane.name, lane.declared_text, String(lane.n), lane.quantiles?.length ? `${number(lane.quantiles[0])} to ${number(lane.quantiles[4])}` : lane.tried ? parameter.axis.labels.map((/** @type {string} */ label, /** @type {number} */ i) => `${label} ${lane.tried[i]}`).join(", ") : "",
    value(lane.best), lane.best_value === null ? "" : number(lane.best_value), lane.edge ?? ""]);
  return table("", ["sweep", "declared", "trials", "explored", "best at", "value", "edge"], rows, new Set([2, 5]));
}

/**
 * @param {string} text
 * @param {number} most
 */
function short(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
