// Where a Sweep page has its facts from: a server, or the report that it is itself.

import { get, getBytes } from "./api.js";
import { merge, unpack } from "./columns.js";
import { follow } from "./live.js";

/** @typedef {import("./columns.js").Columns} Columns */

/**
 * @typedef {object} Source
 * @property {boolean} live false: nothing changes and nothing can be asked to
 * @property {() => Promise<any>} sweep
 * @property {(known: Columns | null) => Promise<Columns>} columns
 * @property {(goal: number) => Promise<any>} importance
 * @property {() => Promise<any[]>} failures
 * @property {(numbers: number[], metric: string) => Promise<any>} curves
 * @property {(changed: (event: any) => void) => () => void} follow
 */

/**
 * @param {string} ref
 * @returns {Source}
 */
export function served(ref) {
  const at = `sweeps/${encodeURIComponent(ref)}`;
  return {
    live: true,
    sweep: () => get(at),
    columns: async (known) => {
      const more = unpack(await getBytes(`${at}/columns`, { since: known?.rev }));
      return known ? merge(known, more) : more;
    },
    importance: (goal) => get(`${at}/importance`, { goal }),
    failures: () => get(`${at}/failures`),
    curves: (numbers, metric) => get(`${at}/curves`, { numbers: numbers.join(","), metric }),
    follow: (changed) => follow(ref, changed),
  };
}

/**
 * The facts inside a report: JSON and the gzipped columns, each in an element that holds no markup.
 * @returns {Source}
 */
export function embedded() {
  const text = (/** @type {string} */ id) => document.getElementById(id)?.textContent ?? "";
  const facts = JSON.parse(text("facts")), histories = new Map(Object.entries(facts.curves)); // of metrics with any name
  return {
    live: false,
    sweep: async () => facts.sweep,
    columns: async () => unpack(await gunzip(text("columns"))),
    importance: async (goal) => facts.importance[goal],
    failures: async () => facts.failures,
    curves: async (numbers, metric) => {
      const wanted = new Set(numbers.length ? numbers : facts.curves_first), all = /** @type {any[]} */ (histories.get(metric || facts.curves_metric) ?? []);
      const curves = all.filter((/** @type {any} */ curve) => wanted.has(curve.number));
      return { metrics: [...histories.keys()], metric: metric || facts.curves_metric, curves };
    },
    follow: () => () => {},
  };
}

/** @param {string} base64 */
async function gunzip(base64) {
  const packed = Uint8Array.from(atob(base64.trim()), (c) => c.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}
