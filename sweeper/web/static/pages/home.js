// Home: every sweep with its state, progress, best value and what it cost; what runs comes first.

import { get, said as words } from "../core/api.js";
import { copyButton, whole } from "../core/copy.js";
import { button, h, replace } from "../core/dom.js";
import { grouped } from "../core/format.js";
import { bind } from "../core/keys.js";
import { follow } from "../core/live.js";
import * as url from "../core/url.js";
import { saveTable } from "../parts/save.js";
import { moreBelow } from "../parts/scrolling.js";
import { sweepRows } from "../parts/sweep_rows.js";

const STATES = ["running", "paused", "interrupted", "finished", "stopped", "cancelled", "failed"];
const FIELDS = /** @type {const} */ (["q", "state", "tag", "experiment"]);

/** @param {HTMLElement} main */
export async function show(main) {
  document.title = "Sweeps · sweeper";
  const list = sweepRows();
  const rest = h("div");
  const said = h("p", { class: "muted", role: "status" });
  /** @type {string | null} */
  let cursor = null;

  const wanted = () => Object.fromEntries(FIELDS.map((name) => [name, url.get(name)]));
  const load = async () => {
    const asked = wanted(), found = await get("sweeps", asked);
    if (JSON.stringify(asked) !== JSON.stringify(wanted())) return; // the filter has changed meanwhile
    cursor = found.cursor;
    list.show(found.sweeps);
    if (cursor) replace(rest, moreBelow(more));
    tell(found);
  };
  const tell = (/** @type {any} */ found) => {
    said.textContent = summary(found, wanted());
    main.dataset.sweeps = String(found.total);
    if (!cursor) replace(rest, found.total === 0 && !Object.values(wanted()).some(Boolean) ? first() : null);
  };
  const again = () => load().catch((error) => { said.textContent = words(error); });
  const more = async () => {
    const found = await get("sweeps", { ...wanted(), cursor });
    cursor = found.cursor;
    list.add(found.sweeps);
    return cursor !== null;
  };
  replace(
    main,
    h("section", { class: "panel" },
      h("header", null, h("h1", null, "Sweeps"), said, h("div", { class: "tools" }, filters(again), ticked(list), saveTable("sweeps", () => main.querySelector("table")), copyButton("Copy command", "sweeper ls"))),
      list.element, rest),
  );
  await load();
  url.onMove(again);
  follow(null, async (event) => {
    if (event.sweeps?.length === 0) return;
    const found = await get("sweeps", wanted());
    list.update(found.sweeps);
    tell(found);
  });
}

/** @param {() => void} load */
function filters(load) {
  let timer = 0;
  const changed = (/** @type {string} */ name, /** @type {string} */ text) => {
    url.write({ [name]: text });
    clearTimeout(timer);
    timer = setTimeout(load, 200);
  };
  const field = (/** @type {string} */ name, /** @type {string} */ label, /** @type {string} */ hint) => h("input", {
    type: "search", "aria-label": label, placeholder: hint, value: url.get(name), size: "14", spellcheck: "false",
    on: { input: (/** @type {any} */ event) => changed(name, event.target.value.trim()) },
  });
  const state = h(
    "select", { "aria-label": "State", on: { change: (/** @type {any} */ event) => changed("state", event.target.value) } },
    h("option", { value: "" }, "any state"), STATES.map((name) => h("option", { value: name, selected: url.get("state") === name }, name)),
  );
  const byName = field("q", "Name", "name");
  bind("f", "filter by name", () => byName.focus());
  return [byName, state, field("tag", "Tag", "tag=value"), field("experiment", "Experiment", "experiment")];
}

/** @param {ReturnType<typeof sweepRows>} list */
function ticked(list) {
  const compare = button("Compare", () => location.assign(`/compare?s=${list.ticked().join(",")}`), { disabled: true, title: "Tick two to ten sweeps" });
  const ranges = button("Ranges", () => location.assign(`/ranges?sweeps=${list.ticked().join(",")}`), { disabled: true, title: "Tick sweeps" });
  const told = () => {
    const n = list.ticked().length;
    compare.disabled = n < 2 || n > 10;
    ranges.disabled = n < 1;
    compare.textContent = n ? `Compare ${n}` : "Compare";
  };
  list.onTick(told);
  told();
  return [compare, ranges];
}

/**
 * @param {any} found
 * @param {Record<string, string>} wanted
 */
function summary(found, wanted) {
  const filtered = Object.values(wanted).some(Boolean);
  const n = grouped(found.total);
  if (filtered) return found.total ? `${n} ${found.total === 1 ? "matches" : "match"}` : "None matches. Change or clear the filter.";
  return found.total ? `${n} in all` : "";
}

function first() {
  return h(
    "div", { class: "empty" }, h("p", null, "No sweep yet. Start one, and it shows here at once:"),
    h("pre", null, ["sweeper init quickstart", "sweeper run quickstart.yaml"].map(whole).join("\n")),
    h("p", null, "Runs that MLflow clients logged are under ", h("a", { href: "/runs" }, "Runs"), "."),
  );
}
