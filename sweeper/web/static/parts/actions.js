// What a person may do to a sweep from its page, each with a question first where it cannot be undone.

import { said, send, writable } from "../core/api.js";
import { button, h, replace } from "../core/dom.js";
import { dialog } from "../core/keys.js";

const MEANING = /** @type {Record<string, string>} */ ({
  pause: "Running trials end; no new ones start until it is resumed.",
  resume: "It goes on with its budget.",
  stop: "Running trials end, no new ones start. The sweep is over.",
  cancel: "Running trials are ended at once. The sweep is over.",
});
const FINAL = new Set(["stop", "cancel"]);

/**
 * Buttons for what is allowed now; none for who may only read.
 * @param {any} sweep
 * @param {() => void} done
 * @returns {HTMLElement[]}
 */
export function controls(sweep, done) {
  return !writable() ? [] : sweep.actions.map((/** @type {string} */ wanted) => button(
    wanted[0].toUpperCase() + wanted.slice(1),
    () => (FINAL.has(wanted) ? confirmed(sweep, wanted, done) : void act(sweep, wanted, done)),
    { title: MEANING[wanted] },
  ));
}

/**
 * @param {any} sweep
 * @param {string} wanted
 * @param {() => void} done
 */
function confirmed(sweep, wanted, done) {
  const made = dialog(`${wanted[0].toUpperCase()}${wanted.slice(1)} ${sweep.name}?`, h("p", null, MEANING[wanted]));
  made.append(h("div", { class: "row" }, button(`${wanted[0].toUpperCase()}${wanted.slice(1)} the sweep`, () => {
    made.close();
    void act(sweep, wanted, done);
  }, { class: "primary" }), button("Leave it", () => made.close())));
}

/**
 * @param {any} sweep
 * @param {string} wanted
 * @param {() => void} done
 */
async function act(sweep, wanted, done) {
  const note = h("p", { class: "note", role: "status" }, `Asking the sweep to ${wanted} …`);
  document.querySelector("main")?.prepend(note);
  try {
    await send(`sweeps/${encodeURIComponent(sweep.id)}/control`, { wanted });
    note.remove();
    done();
  } catch (error) {
    note.className = "note bad";
    replace(note, said(error), " ", button("Dismiss", () => note.remove(), { class: "quiet" }));
  }
}

/**
 * Ask for a model's name and register a run as its next version.
 * @param {{run_id: string, what: string, suggestion: string}} run
 */
export function register(run) {
  const name = h("input", { id: "model", value: run.suggestion, required: true, autocomplete: "off" });
  const alias = h("input", { id: "alias", placeholder: "e.g. champion", autocomplete: "off" });
  const told = h("p", { role: "status" });
  const made = dialog(`Register ${run.what}`);
  const form = h(
    "form", { method: "dialog" },
    h("p", null, h("label", { for: "model" }, "Model "), name, " ", h("label", { for: "alias" }, "alias "), alias),
    told,
    h("div", { class: "row" }, h("button", { type: "submit", class: "primary" }, "Register")),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    told.className = "";
    told.textContent = "Registering …";
    try {
      const found = await send("register", { run_id: run.run_id, model: name.value.trim(), alias: alias.value.trim() || null });
      replace(told, "Registered as ", h("a", { href: `/models/${encodeURIComponent(found.model)}/${found.version}` }, `${found.model}, version ${found.version}`), ".");
    } catch (error) {
      told.className = "note bad";
      told.textContent = said(error);
    }
  });
  made.append(form);
  name.focus();
}
