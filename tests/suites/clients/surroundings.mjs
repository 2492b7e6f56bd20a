// Where the service is, who asks, and documents that it has stored: told by the environment.
import { readFileSync } from "node:fs";

export const URL = process.env.EXPLORE_URL;
export const TOKEN = process.env.EXPLORE_TOKEN;
export const SOCKET = URL.replace(/^http/, "ws");

const MANIFEST = JSON.parse(readFileSync(new globalThis.URL("../../../operations/manifest.json", import.meta.url), "utf8"));

/** Id and text of one of the repository's own stored operations. */
export function stored(name) {
  return Object.entries(MANIFEST).find(([, text]) => new RegExp(`^\\w+ ${name}\\b`, "m").test(text));
}
