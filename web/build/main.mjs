// `node build/main.mjs [--check]`: everything under `dist/`, and `src/operations.ts`.
// With --check nothing is written: the exit status is 1 where a committed file is not what the
// sources give. The same sources and lock file give the same bytes on every machine.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { graphiqlFiles } from "./graphiql.mjs";
import { operationsModule } from "./operations.mjs";
import { pageFiles } from "./page.mjs";

const WEB = dirname(dirname(fileURLToPath(import.meta.url)));
const ROOT = dirname(WEB);
const OPERATIONS = "src/operations.ts";
const DIST = "dist";

const isCheck = process.argv.includes("--check");
const operations = await operationsModule(ROOT);
const stale = await renew(new Map([[OPERATIONS, Buffer.from(operations)]]));
if (stale.length === 0 || !isCheck) {
  const page = await pageFiles(WEB);
  const icon = [...page.keys()].find((name) => name.endsWith(".svg"));
  const graphiql = await graphiqlFiles(WEB, basename(icon));
  const files = new Map([...page, ...graphiql].map(([name, bytes]) => [join(DIST, name), bytes]));
  stale.push(...(await renew(files)), ...(await removeOthers(files)));
}
for (const name of stale) {
  console.log(isCheck ? `web/${name} is not up to date: run \`npm run build\`` : `wrote web/${name}`);
}
process.exitCode = isCheck && stale.length > 0 ? 1 : 0;

/** Write what differs, or only tell it. */
async function renew(files) {
  const changed = [];
  for (const [name, bytes] of files) {
    const path = join(WEB, name);
    const old = await readFile(path).catch(() => null);
    if (old?.equals(bytes)) continue;
    changed.push(name);
    if (isCheck) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
  return changed;
}

async function removeOthers(files) {
  const found = await readdir(join(WEB, DIST), { recursive: true, withFileTypes: true }).catch(() => []);
  const names = found
    .filter((entry) => entry.isFile())
    .map((entry) => relative(WEB, join(entry.parentPath, entry.name)));
  const others = names.filter((name) => !files.has(name));
  for (const name of isCheck ? [] : others) await rm(join(WEB, name));
  return others;
}
