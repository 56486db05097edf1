// Making elements. Texts become text nodes: nothing that a user named is ever read as markup.

/** @typedef {Node | string | number | null | undefined | false | Child[]} Child */
/** @typedef {Record<string, any>} Props  `class`, `on` {click: fn}, `data` {key: value}, `style` {--x: value}, attributes */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an HTML element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Props | null} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/**
 * Make an SVG element.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Props | null} [props]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[T]}
 */
export function svg(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

/**
 * Put other children into an element.
 * @param {Element} element
 * @param {...Child} children
 */
export function replace(element, ...children) {
  element.replaceChildren(...nodes(children));
}

/**
 * A button that does something.
 * @param {string} text
 * @param {(event: MouseEvent) => void} action
 * @param {Props} [props]
 */
export function button(text, action, props = {}) {
  return h("button", { type: "button", ...props, on: { click: action, ...props.on } }, text);
}

/**
 * A link to a page of ours.
 * @param {string} href
 * @param {Child} text
 * @param {Props} [props]
 */
export function link(href, text, props = {}) {
  return h("a", { href, ...props }, text);
}

/**
 * A table of texts, the twin of a chart: a header and rows.
 * @param {string} caption
 * @param {string[]} header
 * @param {Child[][]} rows
 * @param {Set<number>} [numeric] columns that hold numbers
 */
export function table(caption, header, rows, numeric = new Set()) {
  const cell = (/** @type {"th" | "td"} */ tag, /** @type {Child} */ text, /** @type {number} */ i) =>
    h(tag, { class: numeric.has(i) ? "num" : null, scope: tag === "th" ? "col" : null }, text);
  return h(
    "table", null,
    h("caption", null, caption),
    h("thead", null, h("tr", null, header.map((text, i) => cell("th", text, i)))),
    h("tbody", null, rows.map((row) => h("tr", null, row.map((text, i) => cell("td", text, i))))),
  );
}

/**
 * The table twin of a chart: folded away, made when it is opened.
 * @param {string} summary
 * @param {() => Element} make
 */
export function twin(summary, make) {
  const details = h("details", { class: "twin" }, h("summary", null, summary));
  details.addEventListener("toggle", () => {
    while (details.children.length > 1) details.lastElementChild?.remove();
    if (details.open) details.append(h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": summary }, make()));
  });
  return details;
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Props | null | undefined} props
 * @param {Child[]} children
 * @returns {E}
 */
function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) set(element, name, value);
  element.append(...nodes(children));
  return element;
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {any} value
 */
function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") {
    for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
  } else if (name === "data") {
    for (const [key, text] of Object.entries(value)) element.setAttribute(`data-${key}`, String(text));
  } else if (name === "style") {
    const { style } = /** @type {HTMLElement} */ (element);
    for (const [key, text] of Object.entries(value)) style.setProperty(key, String(text));
  } else if (name === "href" && !safe(String(value))) {
    element.setAttribute("data-refused", "href");
  } else {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** @param {string} href */
function safe(href) {
  return /^(https?:|blob:|[#./?])/i.test(href) && !/^\/[\t\r\n]*[/\\]/.test(href); // "/\\host" is "//host" to browsers
}

/**
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
function nodes(children) {
  return children
    .flat(/** @type {1} */ (Infinity))
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}
