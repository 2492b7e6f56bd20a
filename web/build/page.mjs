// A page of ours: one script, one style sheet, one picture, and the HTML that names them.
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { nameByContent } from "./names.mjs";

const EXPLORE = { folder: "src/page", style: "page.css", name: "page", html: "index.html" };
const MODERATION = { folder: "src/moderation", style: "moderation.css", name: "moderation", html: "moderation.html" };

/** Files of all pages by their names under `dist/`. */
export async function pageFiles(web) {
  return new Map([...(await filesOf(web, EXPLORE)), ...(await filesOf(web, MODERATION))]);
}

async function filesOf(web, { folder, style, name, html }) {
  const source = join(web, folder);
  const { outputFiles } = await build({
    entryPoints: [join(source, "main.ts"), join(source, style)],
    outdir: join(web, "dist"),
    absWorkingDir: web,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    write: false,
  });
  const parts = new Map(outputFiles.map(({ path, contents }) => [basename(path), Buffer.from(contents)]));
  const assets = new Map([
    [`${name}.js`, parts.get("main.js")],
    [`${name}.css`, parts.get(style)],
    ["icon.svg", await readFile(join(web, "src/page/icon.svg"))],
  ]);
  const files = new Map();
  let text = await readFile(join(source, "index.html"), "utf8");
  for (const [asset, bytes] of assets) {
    const named = nameByContent(asset, bytes);
    text = text.replaceAll(`{${asset}}`, named);
    files.set(`assets/${named}`, bytes);
  }
  return files.set(html, Buffer.from(text));
}
