// Asking the server. What it refuses comes as a Refusal with its words; while it cannot answer, a banner says so.

import { button, h } from "./dom.js";

const BASE = "/api/v1/";
const AWAY = "The server does not answer. Is it still running?";
const OVER = "This browser is no longer signed in. Open the address that sweeper ui prints, or reload this page to sign in with a token.";
const PATIENCE = [1, 2, 4, 8]; // seconds between tries while the store is locked or the server is away

export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {any} body
   */
  constructor(status, body) {
    super(body?.message ?? `The server answered ${status}.`);
    this.status = status;
    this.code = body?.error_code ?? "";
    /** @type {{id: string, name: string}[]} */
    this.nearest = body?.nearest ?? [];
  }
}

/**
 * What went wrong, for a reader.
 * @param {unknown} error
 */
export function said(error) {
  return error instanceof Error ? error.message : String(error);
}

/** Whether who looks at this page may change anything: the server says so with the page. */
export function writable() {
  return document.documentElement.dataset.writable === "true";
}

/**
 * @param {string} path below /api/v1/
 * @param {Record<string, any>} [query] null and "" are left out; lists are joined by commas
 * @returns {Promise<any>}
 */
export async function get(path, query = {}) {
  return (await ask(address(path, query))).json();
}

/**
 * @param {string} path
 * @param {Record<string, any>} [query]
 * @returns {Promise<ArrayBuffer>}
 */
export async function getBytes(path, query = {}) {
  return (await ask(address(path, query))).arrayBuffer();
}

/**
 * @param {string} path
 * @param {Record<string, any>} body
 * @returns {Promise<any>}
 */
export async function send(path, body) {
  const response = await once(address(path, {}), { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });
  return response.json();
}

/**
 * The address of an answer, for links.
 * @param {string} path
 * @param {Record<string, any>} query
 */
export function address(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return BASE + path + (text ? `?${text}` : "");
}

/** @param {string} url */
async function ask(url) {
  for (let tried = 0; ; tried++) {
    try {
      const response = await once(url);
      banner("");
      return response;
    } catch (error) {
      const away = error instanceof TypeError || (error instanceof Refusal && (error.status === 503 || error.status === 401));
      if (!away) throw error;
      const wait = PATIENCE[Math.min(tried, PATIENCE.length - 1)];
      await new Promise((done) => banner(`${said(error)} Trying again in ${wait} s.`, () => done(null), setTimeout(done, wait * 1000)));
    }
  }
}

/**
 * @param {string} url
 * @param {RequestInit} [options]
 */
async function once(url, options = {}) {
  const response = await fetch(url, { credentials: "same-origin", ...options }).catch((error) => {
    throw error instanceof TypeError ? new TypeError(AWAY) : error;
  });
  if (response.ok) return response;
  if (response.status === 401) throw new Refusal(401, { message: OVER });
  throw new Refusal(response.status, await response.json().catch(() => null));
}

/**
 * Show what is wrong at the top of the page; "" takes it away.
 * @param {string} text
 * @param {() => void} [retry]
 * @param {number} [timer] that would retry by itself
 */
function banner(text, retry, timer) {
  document.getElementById("trouble")?.remove();
  if (!text) return;
  const now = () => {
    clearTimeout(timer);
    retry?.();
  };
  document.body.prepend(h("div", { id: "trouble", role: "alert" }, text, " ", button("Try now", now)));
}
