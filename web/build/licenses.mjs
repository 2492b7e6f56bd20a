// The notices that bundled packages ask to be kept.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

/** One text of all packages that a bundle was made from, in the order of their names. */
export async function licenses(web, inputs) {
  const names = new Set(inputs.map(packageOf).filter(Boolean));
  const notices = await Promise.all([...names].sort().map((name) => notice(web, name)));
  return Buffer.from(notices.join("\n"));
}

function packageOf(input) {
  const path = input.split("node_modules/").at(-1);
  if (path === input) return null;
  const [first, second] = path.split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}

async function notice(web, name) {
  const folder = join(web, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const files = await readdir(folder);
  const file = files.sort().find((one) => /^(licen[sc]e|copying)(\.|$)/i.test(one));
  const text = file ? await readFile(join(folder, file), "utf8") : "";
  return `${"=".repeat(80)}\n${name} ${version} (${license})\n\n${text.trim()}\n`;
}
