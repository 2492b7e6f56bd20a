// The explore page: one script, one style sheet, one picture, and the page that names them.
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { nameByContent } from "./names.mjs";

/** Files by their names under `dist/`. */
export async function pageFiles(web) {
  const source = join(web, "src/page");
  const { outputFiles } = await build({
    entryPoints: [join(source, "main.ts"), join(source, "page.css")],
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
    ["page.js", parts.get("main.js")],
    ["page.css", parts.get("page.css")],
    ["icon.svg", await readFile(join(source, "icon.svg"))],
  ]);
  const files = new Map();
  let html = await readFile(join(source, "index.html"), "utf8");
  for (const [name, bytes] of assets) {
    const named = nameByContent(name, bytes);
    html = html.replaceAll(`{${name}}`, named);
    files.set(`assets/${named}`, bytes);
  }
  return files.set("index.html", Buffer.from(html));
}
