// Sweeps as rows of a table. Their curves and failures are asked for when they come into sight.

import { sparkline } from "../charts/sparkline.js";
import { get } from "../core/api.js";
import { h, replace } from "../core/dom.js";
import { ago, count, duration, grouped, number, tail, when } from "../core/format.js";
import { bind } from "../core/keys.js";
import * as url from "../core/url.js";
import { whenSeen } from "./scrolling.js";
import { progressBar, stateMark } from "./state.js";
import { ownTags } from "./tags.js";

const HEADER = ["", "sweep", "state", "progress", "best", "so far", "failed", "left / took", "cost", "changed"];
const LATE = [".spark", ".why", ".cost"]; // what is asked for when a row comes into sight
const ALIVE = new Set(["running", "paused"]);

export function sweepRows() {
  const body = h("tbody");
  /** @type {Map<string, HTMLTableRowElement>} */
  const rows = new Map();
  /** @type {Map<string, any>} */
  const known = new Map();
  const ticks = new Set(url.get("t").split(",").filter(Boolean)); // ends of ids, which stand in the address
  let told = () => {};
  const observer = whenSeen((seen) => void sparks(seen.map((row) => /** @type {HTMLElement} */ (row).dataset.id ?? "")));

  const sparks = async (/** @type {string[]} */ ids) => {
    const found = await get("sparks", { ids: ids.join(",") });
    for (const [id, spark] of Object.entries(found)) {
      const row = rows.get(id), sweep = known.get(id);
      if (!row || !sweep) continue;
      const [place, why, cost] = LATE.map((name) => /** @type {Element} */ (row.querySelector(name)));
      replace(place, spark.best.length ? sparkline(spark.best, sweep.metrics[0]?.goal === "maximize") : null);
      why.textContent = (spark.failure ?? "").replace(/^(\d+) x /, (/** @type {string} */ _, /** @type {string} */ n) => (Number(n) === sweep.counts.failed ? "" : `${n} × `));
      why.setAttribute("title", spark.failure ?? "");
      replace(cost, paid(spark.cost), spark.dups ? h("div", { class: "muted" }, count(spark.dups, "repeat")) : null);
    }
  };
  const make = (/** @type {any} */ sweep) => {
    const row = h("tr", { data: { id: sweep.id, state: sweep.state } }, ...cells(sweep, ticks, () => told()));
    rows.set(sweep.id, row);
    known.set(sweep.id, sweep);
    observer.observe(row);
    return row;
  };
  const refresh = (/** @type {any} */ sweep) => {
    const old = rows.get(sweep.id);
    if (!old) return;
    if (JSON.stringify(known.get(sweep.id)) === JSON.stringify(sweep)) return;
    const row = make(sweep), had = old.contains(document.activeElement) ? document.activeElement?.localName : null;
    for (const name of LATE) row.querySelector(name)?.replaceWith(/** @type {Element} */ (old.querySelector(name)));
    observer.unobserve(old);
    old.replaceWith(row);
    if (had) /** @type {HTMLElement | null} */ (row.querySelector(had))?.focus();
  };
  const table = h("table", { class: "sweeps" }, h("caption", { class: "sr" }, "Sweeps, those that run first"),
    h("thead", null, h("tr", null, HEADER.map((text) => h("th", { scope: "col", class: text === "best" ? "num" : null }, text || h("span", { class: "sr" }, "tick"))))), body);
  keys(body);
  return {
    element: h("div", { class: "wide", tabindex: "0" }, table),
    /** @param {any[]} sweeps */
    show(sweeps) {
      rows.clear();
      replace(body, [...sweeps].sort((a, b) => Number(ALIVE.has(b.state)) - Number(ALIVE.has(a.state))).map(make));
    },
    /** @param {any[]} sweeps */
    add(sweeps) {
      body.append(...sweeps.filter((sweep) => !rows.has(sweep.id)).map(make));
    },
    /** New ones come to the top, others where they are. @param {any[]} sweeps */
    update(sweeps) {
      for (const sweep of [...sweeps].reverse()) {
        if (rows.has(sweep.id)) refresh(sweep);
        else body.prepend(make(sweep));
      }
    },
    /** The ends of the ids of those that are ticked. */
    ticked: () => /** @type {string[]} */ ([...ticks]),
    /** @param {() => void} listener */
    onTick(listener) {
      told = listener;
    },
  };
}

/**
 * @param {any} sweep
 * @param {Set<string>} ticks
 * @param {() => void} told
 */
function cells(sweep, ticks, told) {
  const tick = h("input", {
    type: "checkbox", "aria-label": `Tick ${sweep.name} ${tail(sweep.id)}`, checked: ticks.has(tail(sweep.id)),
    on: { change: () => {
      if (!ticks.delete(tail(sweep.id))) ticks.add(tail(sweep.id));
      url.write({ t: [...ticks].join(",") });
      told();
    } },
  });
  const { counts } = sweep, done = counts.complete + counts.pruned + counts.failed + counts.cancelled;
  const planned = sweep.planned ? `${grouped(done)} / ${grouped(sweep.planned)}` : grouped(done);
  const tags = ownTags(sweep.tags).slice(0, 4), moment = sweep.changed;
  return [
    h("td", null, tick),
    h("td", { class: "name" }, h("a", { href: `/s/${sweep.id}` }, sweep.name), " ", h("span", { class: "mono muted" }, tail(sweep.id)),
      h("div", null, (sweep.registered ?? []).map((/** @type {any} */ each) => h("span", { class: "chip good" }, `${each.model} v${each.version}${each.aliases.length ? ` @${each.aliases.join(" @")}` : ""}`)),
        tags.map(([key, text]) => h("span", { class: "chip" }, `${key}: ${text}`)))),
    h("td", null, stateMark(sweep.state)),
    h("td", { class: "progress" }, progressBar(counts, sweep.planned), h("span", { class: "muted nowrap" }, planned)),
    h("td", { class: "num", data: { value: sweep.best?.value ?? "" }, title: sweep.metrics.map((/** @type {any} */ m) => `${m.goal} ${m.name}`).join(", ") }, bestText(sweep)),
    h("td", { class: "spark" }),
    h("td", { class: "failures" }, counts.failed ? h("strong", { class: "bad" }, grouped(counts.failed)) : h("span", { class: "muted" }, "0"), " ", h("span", { class: "why muted" })),
    h("td", { class: sweep.eta ? null : "nowrap" }, sweep.eta?.text ? h("strong", { title: sweep.eta.text }, sweep.eta.text.split(", ")[0]) : duration(sweep.seconds)),
    h("td", { class: "cost nowrap" }),
    h("td", { class: "nowrap muted", title: when(moment) }, ago(moment)),
  ];
}

/** @param {any} sweep */
function bestText(sweep) {
  if (Array.isArray(sweep.best)) return sweep.best.length ? `${sweep.best.length} on the front` : "";
  return sweep.best ? number(sweep.best.value) : "";
}

/** @param {{seconds: number, metric: string | null, value: number | null}} cost */
function paid({ seconds, metric, value }) {
  return metric ? `${number(value)} ${metric}` : duration(seconds);
}

/** @param {HTMLElement} body */
function keys(body) {
  const step = (/** @type {number} */ by) => {
    const links = /** @type {HTMLElement[]} */ ([...body.querySelectorAll("td.name > a")]);
    const at = links.findIndex((each) => each === document.activeElement);
    links[Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
  };
  bind("j", "next sweep", () => step(1));
  bind("k", "sweep before", () => step(-1));
}
