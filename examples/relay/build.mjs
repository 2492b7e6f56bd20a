// What Relay's Babel plugin does, for esbuild: a tagged document stands for what the compiler made of it.
import { readFile } from "node:fs/promises";
import { build } from "esbuild";

const TAGGED = /graphql`\s*(?:query|mutation|subscription|fragment)\s+(\w+)[^`]*`/g;

await build({
  entryPoints: ["src/main.ts"],
  outfile: "dist/main.js",
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  plugins: [{ name: "relay", setup: (esbuild) => esbuild.onLoad({ filter: /src\/\w+\.ts$/ }, compiled) }],
});

async function compiled({ path }) {
  const imports = [];
  const text = (await readFile(path, "utf8")).replace(TAGGED, (_, name) => {
    imports.push(`import ${name}_ from "./__generated__/${name}.graphql";`);
    return `${name}_`;
  });
  return { contents: [...imports, text].join("\n"), loader: "ts" };
}
