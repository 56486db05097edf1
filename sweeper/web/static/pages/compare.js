// Two to ten sweeps side by side: how far each came for what, what differs, and whether that is noise.

import { lineChart } from "../charts/lines.js";
import { get, said } from "../core/api.js";
import { PALETTE } from "../core/canvas.js";
import { copyButton } from "../core/copy.js";
import { button, h, replace } from "../core/dom.js";
import { duration, grouped, number, value } from "../core/format.js";
import * as url from "../core/url.js";
import { saveTable } from "../parts/save.js";
import { stateMark } from "../parts/state.js";
import { pickSweeps } from "../parts/pick_sweeps.js";

const AGAIN = 1000; // milliseconds
const BY = /** @type {const} */ ({ trials: "trials", seconds: "time", cost: "cost" });

/** @param {HTMLElement} main */
export async function show(main) {
  document.title = "Compare · sweeper";
  const again = () => draw(main, again).catch((error) => main.append(h("p", { class: "note bad", role: "alert" }, said(error))));
  await draw(main, again);
  url.onMove(again);
}

/**
 * @param {HTMLElement} main
 * @param {() => void} again others were chosen
 */
async function draw(main, again) {
  const refs = url.get("s").split(",").filter(Boolean);
  const picker = h("section", { class: "panel" }, h("header", null, h("h1", null, "Compare sweeps")), pickSweeps(refs, 10, (chosen) => {
    url.write({ s: chosen.join(",") }, true);
    again();
  }));
  replace(main, picker);
  main.dataset.sweeps = String(refs.length);
  if (refs.length < 2) {
    picker.append(h("p", { class: "empty" }, "Choose two to ten sweeps to put side by side."));
    return;
  }
  const found = await get("compare", { s: refs.join(","), metric: url.get("m") });
  if (!picker.isConnected) return; // other sweeps were chosen meanwhile
  const place = h("div", { class: "groups", data: { computing: "" } });
  main.append(overview(found), progress(found), place);
  void fill(place, found, refs.join(","));
}

/**
 * The tables; importance is judged in the background, and asked for until it is there.
 * @param {HTMLElement} place
 * @param {any} found
 * @param {string} refs
 */
async function fill(place, found, refs) {
  for (;;) {
    const left = found.computing?.length ?? 0;
    place.dataset.computing = String(left);
    replace(place, ...tables(found), left ? h("p", { class: "muted", role: "status" }, "Importance is being judged …") : null);
    if (!left) return;
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
    if (!place.isConnected) return;
    found = await get("compare", { s: refs, metric: url.get("m") }).catch(() => ({ ...found, computing: [] }));
  }
}

/** @param {any} found */
function overview(found) {
  const rows = found.sweeps.map((/** @type {any} */ side, /** @type {number} */ i) => h(
    "tr", null,
    h("th", { scope: "row" }, h("i", { class: "swatch", style: { "--c": PALETTE[i % PALETTE.length] } }), h("a", { href: `/s/${side.id}` }, side.label)),
    h("td", null, stateMark(side.state)), h("td", null, side.method), h("td", { class: "num" }, grouped(side.trials)),
    h("td", { class: "num" }, side.best ? number(side.best.value) : ""), h("td", { class: "num" }, side.best ? (side.best_run_id ? h("a", { href: `/t/${side.best_run_id}` }, String(side.best.number)) : side.best.number) : ""),
    h("td", { class: "num" }, duration(side.spent?.time)), h("td", { class: "num" }, cost(side))));
  const metric = found.metric ? `${found.metric.goal} ${found.metric.name}` : "no goal in common";
  return h("section", { class: "panel" },
    h("header", null, h("h2", null, "Side by side"), h("span", { class: "muted" }, metric), h("span", { class: "tools" }, saveTable("comparison", () => /** @type {HTMLTableElement | null} */ (document.querySelector("table.sides"))), found.command ? copyButton("Copy command", found.command) : null)),
    found.verdicts.map((/** @type {any} */ verdict) => h("p", null, verdict.text)),
    found.notes.map((/** @type {string} */ text) => h("p", { class: "note" }, text)),
    h("div", { class: "wide", tabindex: "0" }, h("table", { class: "sides" }, h("caption", { class: "sr" }, "Sweeps"), h("thead", null, h("tr", null,
      ["sweep", "state", "method", "trials", "best", "trial", "time", "cost"].map((text, i) => h("th", { scope: "col", class: i > 2 ? "num" : null }, text)))), h("tbody", null, rows))));
}

/** @param {any} side */
function cost(side) {
  if (!side.spent?.cost) return "";
  const unit = side.progress?.cost_unit ?? "";
  return unit.startsWith("seconds") ? duration(side.spent.cost) : `${number(side.spent.cost)} ${unit}`;
}

/** @param {any} found */
function progress(found) {
  const place = h("div");
  const draw = (/** @type {keyof typeof BY} */ by) => {
    const lines = found.sweeps.map((/** @type {any} */ side) => ({ name: side.label, href: `/s/${side.id}`, step: true, x: side.progress?.[by] ?? [], y: side.progress?.best ?? [] }));
    const ahead = found.verdicts[0]?.text ?? "How far each sweep came.";
    replace(place, lineChart(lines, { x: BY[by] === "cost" ? found.sweeps[0].progress?.cost_unit || "cost" : BY[by], y: found.metric?.name ?? "", sentence: `Best so far by ${BY[by]}. ${ahead}`, format: by === "seconds" ? duration : undefined }));
    for (const each of choices) each.setAttribute("aria-pressed", String(each.dataset.by === by));
    url.write({ x: by === "trials" ? null : by });
  };
  const choices = Object.entries(BY).map(([by, text]) => button(text, () => draw(/** @type {keyof typeof BY} */ (by)), { data: { by } }));
  const wanted = url.get("x");
  draw(Object.hasOwn(BY, wanted) ? /** @type {keyof typeof BY} */ (wanted) : "trials");
  return h("section", { class: "panel" }, h("header", null, h("h2", null, "Best so far"), h("span", { class: "tools" }, h("span", { class: "segments", role: "group", "aria-label": "By" }, choices))), place);
}

/** @param {any} found */
function tables(found) {
  const header = found.sweeps.map((/** @type {any} */ side) => side.label);
  return /** @type {[string, string][]} */ ([["best_params", "Best parameters"], ["importance", "Importance (? is uncertain)"], ["space", "Spaces differ in"], ["settings", "Settings that differ"]])
    .filter(([key]) => found[key]?.length)
    .map(([key, title]) => h("section", { class: "panel" }, h("header", null, h("h2", null, title), h("span", { class: "tools" }, saveTable(key, () => /** @type {HTMLTableElement | null} */ (document.querySelector(`table.of-${key}`))))), h("div", { class: "wide", tabindex: "0" }, h(
      "table", { class: `of-${key}`, data: { rows: String(found[key].length) } }, h("caption", { class: "sr" }, title),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, ""), header.map((/** @type {string} */ text) => h("th", { scope: "col" }, text)))),
      h("tbody", null, found[key].map((/** @type {any} */ row) => h("tr", { class: row.differs ? "differs" : null }, h("th", { scope: "row" }, row.name),
        row.values.map((/** @type {any} */ cell) => h("td", { class: "mono" }, typeof cell === "string" ? cell : value(cell))))))))));
}
