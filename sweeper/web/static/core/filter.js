// The text of a selection, the same in the address, in the API and in Python: "lr:1e-4..1e-2;opt:adam,lion;depth:".

/** @typedef {{name: string, low: number | null, high: number | null}} Span  either end open when null */
/** @typedef {{name: string, levels: string[]}} Levels */
/** @typedef {{name: string, unset: true}} Unset */
/** @typedef {Span | Levels | Unset} Condition */

const SPECIAL = /[%;,:.]/g;
const PLAIN_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Read a filter; parts that make no sense are left out.
 * @param {string | null | undefined} text
 * @returns {Condition[]}
 */
export function parse(text) {
  return (text ?? "").split(";").flatMap(/** @returns {Condition[]} */ (part) => {
    const colon = part.indexOf(":");
    if (colon < 1) return [];
    const name = unescaped(part.slice(0, colon)), rest = part.slice(colon + 1);
    if (!rest) return [{ name, unset: true }];
    const dots = rest.indexOf("..");
    if (dots < 0) return [{ name, levels: rest.split(",").map(unescaped) }];
    const low = end(rest.slice(0, dots)), high = end(rest.slice(dots + 2));
    return low === undefined || high === undefined || (low === null && high === null) ? [] : [{ name, low, high }];
  });
}

/**
 * Write a filter.
 * @param {Condition[]} conditions
 */
export function format(conditions) {
  return conditions.map((condition) => {
    const name = escaped(condition.name);
    if ("unset" in condition) return `${name}:`;
    if ("levels" in condition) return `${name}:${condition.levels.map(escaped).join(",") || ","}`; // nothing alone would be: not set
    return `${name}:${written(condition.low)}..${written(condition.high)}`;
  }).join(";");
}

/** @param {number | null} end */
function written(end) {
  return String(end ?? "").replace("Infinity", "1e999");
}

/**
 * Say a condition in words.
 * @param {Condition} condition
 * @param {(n: number) => string} number
 */
export function words(condition, number) {
  if ("unset" in condition) return `${condition.name} not set`;
  if ("levels" in condition) return `${condition.name} ${condition.levels.join(" or ")}`;
  const { name, low, high } = condition;
  if (low === null) return `${name} up to ${number(/** @type {number} */ (high))}`;
  return high === null ? `${name} from ${number(low)}` : `${name} ${number(low)} to ${number(high)}`;
}

/**
 * @param {string} text
 * @returns {number | null | undefined} undefined: not a number
 */
function end(text) {
  if (text === "") return null;
  return isNumber(text) ? Number(text) : undefined;
}

/**
 * Whether a text is a number to Python as well: "" and "0x10" are none.
 * @param {string} text
 */
export function isNumber(text) {
  return PLAIN_NUMBER.test(text);
}

/** @param {string} text */
function escaped(text) {
  return text.replace(SPECIAL, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * A text with characters written as %2C and so on.
 * @param {string} text
 */
export function unescaped(text) {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}
