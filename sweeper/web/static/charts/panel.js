// The frame that all parts of the Sweep page stand in, and small controls in its head.

import { button, h } from "../core/dom.js";

/** @typedef {import("../core/dom.js").Child} Child */
/** @typedef {import("../core/view.js").View} View */

const MANY = 5000; // trials from which a panel waits until a drag rests
const REST = 90; // milliseconds

/**
 * @param {string} name for tests and links
 * @param {string} title
 * @param {Child} tools
 * @param {...Child} children
 */
export function panel(name, title, tools, ...children) {
  return h(
    "section", { class: `panel ${name}`, data: { panel: name }, "aria-label": title },
    h("header", null, h("h2", null, title), h("div", { class: "tools" }, tools)),
    ...children,
  );
}

/**
 * Buttons of which one is chosen.
 * @template {string} T
 * @param {string} label
 * @param {T[]} options
 * @param {T} chosen
 * @param {(option: T) => void} choose
 */
export function segments(label, options, chosen, choose) {
  const made = h("div", { class: "segments", role: "group", "aria-label": label });
  const buttons = options.map((option) => button(option, () => {
    buttons.forEach((each, i) => each.setAttribute("aria-pressed", String(options[i] === option)));
    choose(option);
  }, { "aria-pressed": String(option === chosen) }));
  made.append(...buttons);
  return made;
}

/**
 * A list of choices.
 * @param {string} label
 * @param {string[]} options
 * @param {string} chosen
 * @param {(option: string) => void} choose
 */
export function choice(label, options, chosen, choose) {
  const made = h(
    "select", { "aria-label": label, on: { change: () => choose(made.value) } },
    options.map((option) => h("option", { value: option, selected: option === chosen }, option)),
  );
  return made;
}

/**
 * Choose the goal that the page judges by; nothing where there is only one.
 * @param {View} view
 */
export function goalChoice(view) {
  const names = view.sweep.goals.map((/** @type {{name: string}} */ goal) => goal.name);
  if (names.length < 2) return null;
  const made = choice("Goal", names, names[view.goal], (name) => view.judge(names.indexOf(name)));
  view.on("goal", () => { made.value = names[view.goal]; });
  return made;
}

/**
 * Run a drawing soon: with the next frame, or, where there are many trials, when changes rest a moment, so that a
 * brush dragged elsewhere stays smooth.
 * @param {View} view
 * @param {() => void} draw
 */
export function soon(view, draw) {
  let frame = 0, timer = 0;
  return () => {
    if (view.columns.n > MANY) {
      clearTimeout(timer);
      timer = setTimeout(draw, REST);
    } else {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        draw();
      });
    }
  };
}

/**
 * Go to the page of a trial, where there is one.
 * @param {View} view
 * @param {number} row
 * @param {{ctrlKey?: boolean, metaKey?: boolean}} [event] in another tab, as for any link
 */
export function open(view, row, event = {}) {
  const address = place(view, row);
  if (!address) return;
  if (event.ctrlKey || event.metaKey) globalThis.open(address, "_blank", "noopener");
  else location.assign(address);
}

/**
 * The address of a trial's page; null in a report.
 * @param {View} view
 * @param {number} row
 */
export function place(view, row) {
  const id = view.columns.ids[row];
  return view.source.live && id ? `/t/${encodeURIComponent(id)}` : null;
}
