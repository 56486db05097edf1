// The field at the top: sweeps, trials, parameters and models by name; "/" goes there.

import { get } from "./api.js";
import { h, replace } from "./dom.js";
import { tail } from "./format.js";
import { bind } from "./keys.js";

const WAIT = 150; // milliseconds after the last key

/** @typedef {{href: string, text: string, kind: string}} Hit */

export function search() {
  const input = h("input", {
    type: "search", placeholder: "Search sweeps, trials, parameters, models", "aria-label": "Search", role: "combobox",
    "aria-expanded": "false", "aria-controls": "hits", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false",
  });
  const list = h("ul", { id: "hits", role: "listbox", "aria-label": "Found", class: "options", hidden: true });
  /** @type {Hit[]} */
  let hits = [];
  let at = 0, timer = 0;

  const draw = () => {
    list.hidden = hits.length === 0;
    input.setAttribute("aria-expanded", String(hits.length > 0));
    replace(list, hits.map((hit, i) => h(
      "li", { role: "option", id: `hit-${i}`, "aria-selected": String(i === at), on: { mousedown: () => location.assign(hit.href) } },
      h("span", { class: "muted" }, hit.kind, " "), hit.text,
    )));
    input.setAttribute("aria-activedescendant", hits.length ? `hit-${at}` : "");
  };
  const look = async () => {
    const wanted = input.value.trim();
    const found = wanted ? flat(await get("search", { q: wanted })) : [];
    if (input.value.trim() === wanted) [hits, at] = [found, 0];
    draw();
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
  input.addEventListener("blur", () => { hits = []; draw(); });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && hits.length) at = (at + step + hits.length) % hits.length;
    else if (event.key === "Enter" && hits[at]) location.assign(hits[at].href);
    else if (event.key === "Escape") hits = [];
    else return;
    event.preventDefault();
    draw();
  });
  bind("/", "search", () => input.focus());
  return h("div", { id: "search", role: "search" }, input, list);
}

/**
 * @param {any} found
 * @returns {Hit[]}
 */
function flat(found) {
  const at = encodeURIComponent;
  return [
    ...found.sweeps.map((/** @type {any} */ each) => ({ kind: "sweep", text: `${each.name} ${tail(each.id)}`, href: `/s/${at(each.id)}` })),
    ...found.trials.map((/** @type {any} */ each) => ({ kind: "trial", text: `${each.number} of ${each.sweep}`, href: `/t/${at(each.run_id)}` })),
    ...found.params.map((/** @type {string} */ name) => ({ kind: "parameter", text: name, href: `/ranges?p=${at(name)}` })),
    ...found.models.map((/** @type {string} */ name) => ({ kind: "model", text: name, href: `/models/${at(name)}` })),
  ];
}
