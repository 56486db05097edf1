// The Sweep page: everything about one sweep, with one selection that all parts share.

import { curves } from "../charts/curves.js";
import { failures } from "../charts/failures.js";
import { front } from "../charts/front.js";
import { history } from "../charts/history.js";
import { importance } from "../charts/importance.js";
import { parcoords } from "../charts/parcoords.js";
import { slices } from "../charts/slices.js";
import { trialsTable } from "../charts/table.js";
import { h, replace } from "../core/dom.js";
import { parse } from "../core/filter.js";
import { served } from "../core/source.js";
import { onTheme } from "../core/theme.js";
import * as url from "../core/url.js";
import { View } from "../core/view.js";
import { draft } from "../parts/draft.js";
import { head } from "../parts/sweep_head.js";
import { best } from "../parts/sweep_best.js";
import { about } from "../parts/sweep_about.js";

/**
 * @param {HTMLElement} main
 * @param {string} ref
 */
export async function show(main, ref) {
  await draw(main, served(ref));
}

/**
 * Draw the page from wherever its facts are.
 * @param {HTMLElement} main
 * @param {import("../core/source.js").Source} source
 */
export async function draw(main, source) {
  const [sweep, columns] = await Promise.all([source.sweep(), source.columns(null)]);
  const view = new View(sweep, columns, source);
  document.title = `${sweep.name} · sweeper`;
  if (sweep.store) document.documentElement.dataset.store = sweep.store;
  replace(main, ...parts(view));
  main.addEventListener("draft", (event) => {
    if (source.live) void draft(`sweeps/${sweep.id}/draft`, /** @type {CustomEvent} */ (event).detail);
  });
  onTheme(() => view.tell("theme"));
  url.onMove(() => view.select(parse(url.get("f")), false));
  keep(view, source);
}

/**
 * @param {View} view
 * @returns {HTMLElement[]}
 */
function parts(view) {
  const { columns, sweep } = view;
  if (columns.n === 0) return [head(view), h("section", { class: "panel" }, h("p", { class: "empty" }, waiting(sweep))), about(view)];
  return [
    head(view), best(view),
    h("div", { class: "columns" }, history(view), importance(view)),
    ...(sweep.goals.length > 1 ? [front(view)] : []),
    failures(view), parcoords(view), trialsTable(view), slices(view), curves(view), about(view),
  ];
}

/** @param {any} sweep */
function waiting(sweep) {
  return sweep.live ? "No trial has started yet. This page fills by itself." : "This sweep has no trials.";
}

/**
 * Follow the sweep while it lives: increments of trials, and its facts.
 * @param {View} view
 * @param {import("../core/source.js").Source} source
 */
function keep(view, source) {
  let busy = false, again = false;
  const refresh = async () => {
    if (busy) return void (again = true);
    busy = true;
    try {
      const empty = view.columns.n === 0;
      const [sweep, columns] = await Promise.all([source.sweep(), source.columns(view.columns)]);
      view.sweep = sweep;
      view.take(columns);
      view.tell("sweep");
      if (empty && columns.n) location.reload();
    } catch { /* the banner tells */ } finally {
      busy = false;
      if (again) {
        again = false;
        void refresh();
      }
    }
  };
  view.refresh = refresh;
  source.follow((event) => (event.rev === view.columns.rev ? undefined : refresh()));
}
