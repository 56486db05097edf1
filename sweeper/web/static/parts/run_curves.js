// The metric histories of one run.

import { lineChart } from "../charts/lines.js";
import { get } from "../core/api.js";
import { h, replace } from "../core/dom.js";
import * as url from "../core/url.js";

/** @param {any} found */
export function runCurves(found) {
  const place = h("div");
  const names = /** @type {string[]} */ (found.curves);
  const usual = names.find((name) => found.sweep?.goals.some((/** @type {any} */ goal) => goal.name === name)) ?? names[0];
  const wanted = names.includes(url.get("metric")) ? url.get("metric") : usual;
  const choose = h("select", { "aria-label": "Metric", on: { change: (/** @type {any} */ event) => draw(event.target.value) } }, names.map((name) => h("option", { value: name, selected: name === wanted }, name)));
  let turn = 0;
  const draw = async (/** @type {string} */ name) => {
    const mine = ++turn;
    url.write({ metric: name === usual ? null : name });
    const leaders = /** @type {number[]} */ (found.sweep?.leaders ?? []);
    const ghosts = leaders.length ? (await get(`sweeps/${found.sweep.id}/curves`, { metric: name, numbers: leaders.join(",") }).catch(() => ({ curves: [] }))).curves : [];
    ghosts.sort((/** @type {any} */ a, /** @type {any} */ b) => leaders.indexOf(a.number) - leaders.indexOf(b.number));
    const own = (await get(`trials/${encodeURIComponent(found.run.id)}/metrics`, { names: name }))[name];
    if (mine !== turn) return; // another one was chosen meanwhile
    const lines = [{ name: found.number === null ? "this run" : `trial ${found.number}`, x: own.steps, y: own.values, color: "var(--accent)" },
      ...ghosts.map((/** @type {any} */ each) => ({ name: `trial ${each.number}`, x: each.steps, y: each.values, color: "var(--cloud)" }))]
      .map((line) => finite(line));
    replace(place, lineChart(lines, { x: "step", y: name, sentence: `${name} by step${lines.length > 1 ? ", beside the best trials of the sweep in grey" : ""}.` }));
    place.dataset.lines = String(lines.length);
  };
  void draw(wanted);
  return h("section", { class: "panel", on: { again: () => draw(choose.value) } }, h("header", null, h("h2", null, "Curves"), h("span", { class: "tools" }, choose)), place);
}

/**
 * Without what cannot be drawn.
 * @param {{name: string, x: number[], y: any[], color: string}} line
 */
function finite(line) {
  const kept = line.y.map((y, i) => [line.x[i], y]).filter(([, y]) => typeof y === "number");
  return { ...line, x: kept.map(([x]) => x), y: kept.map(([, y]) => y) };
}
