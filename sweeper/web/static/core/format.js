// Numbers, times and sizes as people read them; `exact` gives what is to be copied.

const DIGITS = 4;
const MINUTE = 60, HOUR = 3600, DAY = 86400;

/**
 * Return a number with four significant digits; "" when there is none.
 * @param {number | string | null | undefined} value  MLflow's strings stand for what JSON cannot say
 * @param {number} [digits]
 */
export function number(value, digits = DIGITS) {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (Number.isNaN(value)) return "";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return grouped(value);
  const power = Math.floor(Math.log10(Math.abs(value)));
  if (power < -3 || power >= 7) return value.toExponential(digits - 1).replace(/\.?0+e/, "e").replace("e+", "e");
  const text = value.toPrecision(Math.max(digits, Math.min(power + 1, 7)));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/**
 * Return a number as it was stored: as few digits as tell it apart where it came as a 32-bit column.
 * @param {number | string | null | undefined} value
 */
export function exact(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (typeof value === "string") return value;
  if (Number.isInteger(value) || Math.fround(value) !== value) return String(value);
  const digits = [7, 8].find((many) => Math.fround(Number(value.toPrecision(many))) === value) ?? 9;
  return String(Number(value.toPrecision(digits)));
}

/**
 * A whole number with commas between its thousands. The browser's own way takes a tenth of a second to load.
 * @param {number} whole
 */
export function grouped(whole) {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * A value of a parameter as text.
 * @param {any} value
 */
export function value(value) {
  if (typeof value === "number") return number(value);
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * @param {number} amount
 * @param {string} noun
 * @param {string} [plural]
 */
export function count(amount, noun, plural = `${noun}s`) {
  return `${grouped(amount)} ${amount === 1 ? noun : plural}`;
}

/**
 * Seconds as "1.2 s", "3 min 5 s", "2 h 10 min", "3 d 4 h".
 * @param {number | null | undefined} seconds
 */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return "";
  if (seconds < 0.0995) return `${number(seconds * 1000, 2)} ms`;
  if (seconds < MINUTE) return `${number(seconds, seconds < 10 ? 2 : 3)} s`;
  if (seconds < HOUR) return pair(seconds, MINUTE, "min", 1, "s");
  return seconds < DAY ? pair(seconds, HOUR, "h", MINUTE, "min") : pair(seconds, DAY, "d", HOUR, "h");
}

/**
 * @param {number} seconds
 * @param {number} large
 * @param {string} first
 * @param {number} small
 * @param {string} second
 */
function pair(seconds, large, first, small, second) {
  const rounded = Math.round(seconds / small) * small;
  const whole = Math.floor(rounded / large), rest = Math.round((rounded - whole * large) / small);
  return rest ? `${whole} ${first} ${rest} ${second}` : `${whole} ${first}`;
}

/**
 * How long ago something was.
 * @param {number | null | undefined} epoch seconds
 * @param {number} [now] seconds
 */
export function ago(epoch, now = Date.now() / 1000) {
  if (!epoch) return "";
  const seconds = now - epoch;
  if (seconds < 10) return "just now";
  for (const [unit, name] of /** @type {[number, string][]} */ ([[DAY, "d"], [HOUR, "h"], [MINUTE, "min"]])) {
    if (seconds >= unit) return `${Math.floor(seconds / unit)} ${name} ago`;
  }
  return `${Math.floor(seconds)} s ago`;
}

/**
 * A moment, in the reader's time zone.
 * @param {number | null | undefined} epoch seconds
 */
export function when(epoch) {
  if (!epoch) return "";
  const date = new Date(epoch * 1000), two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** @param {number} size */
export function bytes(size) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let place = 0;
  while (size >= 1000 && place < units.length - 1) [size, place] = [size / 1000, place + 1];
  return `${number(size, 3)} ${units[place]}`;
}

/**
 * The end of an id by which the command line knows it.
 * @param {string} id
 */
export function tail(id) {
  return id.slice(-8);
}

/**
 * A word for a shell, quoted where it needs to be. Control characters are spelled: a terminal obeys those that are
 * pasted, so they could end a line and begin another one.
 * @param {string} word
 */
export function shell(word) {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(word)) {
    const spelled = word.replace(/['\\]/g, "\\$&").replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => [...new TextEncoder().encode(c)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join(""));
    return `$'${spelled}'`;
  }
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}
