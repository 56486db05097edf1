// The start of every page: theme, keys, search; then the page that the address names.

import { h, replace } from "./core/dom.js";
import { Refusal, said } from "./core/api.js";
import { tail } from "./core/format.js";
import * as keys from "./core/keys.js";
import { search } from "./core/search.js";
import { chooser, restore } from "./core/theme.js";

/** @type {Record<string, () => Promise<{show: (main: HTMLElement, ref: string) => Promise<void>}>>} */
const PAGES = {
  home: () => import("./pages/home.js"),
  sweep: () => import("./pages/sweep.js"),
  run: () => import("./pages/run.js"),
  compare: () => import("./pages/compare.js"),
  ranges: () => import("./pages/ranges.js"),
  models: () => import("./pages/models.js"),
  model: () => import("./pages/model.js"),
  runs: () => import("./pages/runs.js"),
  experiments: () => import("./pages/experiments.js"),
};

async function start() {
  restore();
  const header = document.querySelector("body > header"), main = document.querySelector("main");
  if (!main) return;
  if (header) header.append(search(), chooser());
  keys.listen();
  addEventListener("unhandledrejection", (event) => refused(main, event));
  const { page = "home", ref = "" } = document.documentElement.dataset;
  try {
    const { show } = await PAGES[page]();
    await show(main, ref);
  } catch (error) {
    replace(main, failure(error));
  }
  document.documentElement.dataset.ready = "true";
}

/**
 * Tell what the server refused to a part of the page that has no words of its own for it.
 * @param {HTMLElement} main
 * @param {PromiseRejectionEvent} event
 */
function refused(main, event) {
  if (!(event.reason instanceof Refusal)) return;
  event.preventDefault();
  document.getElementById("refused")?.remove();
  main.prepend(h("p", { id: "refused", class: "note bad", role: "alert" }, said(event.reason)));
}

/** @param {unknown} error */
function failure(error) {
  if (!(error instanceof Refusal)) console.error(error);
  const nearest = error instanceof Refusal ? error.nearest : [];
  const gone = error instanceof Refusal && error.status === 404;
  return h(
    "section", { class: "panel", role: "alert", data: { gone: String(gone) } },
    h("h1", null, gone ? "Not here" : "This page cannot be shown"), h("p", null, said(error)),
    nearest.length ? h("p", null, "Did you mean: ") : null,
    nearest.length ? h("ul", null, nearest.map(({ id, name }) => h("li", null, h("a", { href: `/s/${id}` }, name), ` ${tail(id)}`))) : null,
    h("p", null, h("a", { href: "/" }, "All sweeps")),
  );
}

void start();
