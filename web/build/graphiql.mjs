// GraphiQL from npm, without any of its own downloads: split into files of less than a megabyte.
//
// Left out, because nobody misses it here: fonts (the system's are used), editor features of no
// use in GraphQL, the editors that compare texts, and prettier's JavaScript parser, which GraphiQL
// would load only to indent JSON.
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { licenses } from "./licenses.mjs";
import { nameByContent } from "./names.mjs";

const LARGEST = 1_000_000; // bytes of one file
const FOLDER = "assets/graphiql";
const WORKERS = {
  "editor-worker": "monaco-editor/esm/vs/editor/editor.worker.js",
  "json-worker": "monaco-editor/esm/vs/language/json/json.worker.js",
  "graphql-worker": "monaco-graphql/esm/graphql.worker.js",
};

/** Files by their names under `dist/`; `icon` is the name of the explore page's picture. */
export async function graphiqlFiles(web, icon) {
  const source = join(web, "src/graphiql");
  const modules = join(web, "node_modules");
  const script = await scriptFiles(web, source, modules);
  const style = await styleFile(web, source);
  const names = new Map([["icon.svg", icon]]);
  const files = new Map();
  for (const { path, contents } of [...script.outputFiles, style]) {
    const name = basename(path);
    if (name.startsWith("split-")) continue; // empty: it was there to split what others share
    if (contents.length > LARGEST) throw new Error(`${name} has ${contents.length} bytes: split it`);
    const isEntry = name === "main.js" || name === "style.css";
    const named = isEntry ? nameByContent(name, contents) : name;
    names.set(name, named);
    files.set(`${FOLDER}/${named}`, Buffer.from(contents));
  }
  const html = await readFile(join(source, "index.html"), "utf8");
  const page = html.replaceAll(/\{([^}]+)\}/g, (_, name) => names.get(name));
  files.set("graphiql.html", Buffer.from(page));
  files.set(`${FOLDER}/licenses.txt`, await licenses(web, Object.keys(script.metafile.inputs)));
  return files;
}

async function scriptFiles(web, source, modules) {
  const entries = Object.entries(WORKERS).map(([name, path]) => [name, join(modules, path)]);
  const replaced = (name) => join(source, name);
  const graphql = join(modules, "prettier/plugins/graphql.mjs");
  return build({
    entryPoints: {
      main: join(source, "main.tsx"),
      // What several entries reach goes into files of its own: these split the editor.
      "split-model": replaced("split-model.ts"),
      "split-widgets": replaced("split-widgets.ts"),
      ...Object.fromEntries(entries),
    },
    outdir: join(source, "out"),
    chunkNames: "[name].[hash]",
    absWorkingDir: web,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    jsx: "automatic",
    legalComments: "none", // licenses.txt holds them all
    loader: { ".graphql": "text" },
    define: { "process.env.NODE_ENV": '"production"' },
    alias: {
      "prettier/plugins/estree": replaced("json-format.ts"),
      "prettier/parser-babel": replaced("json-format.ts"),
      "prettier/parser-graphql": graphql,
      "prettier/plugins/graphql": graphql,
    },
    plugins: [withoutStyles, withoutComparison, withOurEditor(replaced("monaco.ts"))],
    metafile: true,
    write: false,
  });
}

async function styleFile(web, source) {
  const { outputFiles } = await build({
    entryPoints: [join(source, "style.css")],
    outdir: join(source, "out"),
    absWorkingDir: web,
    bundle: true,
    minify: true,
    loader: { ".ttf": "dataurl" }, // the editor's signs
    plugins: [withoutFonts],
    write: false,
  });
  return outputFiles[0];
}

/** Scripts load no styles: all of them are in one sheet. */
const withoutStyles = {
  name: "without styles",
  setup: ({ onLoad }) => onLoad({ filter: /\.css$/ }, () => ({ contents: "", loader: "js" })),
};

const withoutFonts = {
  name: "without fonts",
  setup: ({ onResolve }) =>
    onResolve({ filter: /\.woff2?($|\?)/ }, ({ path }) => ({ path, external: true })),
};

const withoutComparison = {
  name: "without editors that compare",
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/](diffEditorWidget|multiDiffEditorWidget)\.js$/ }, () => ({
      contents: "export class DiffEditorWidget {}\nexport class MultiDiffEditorWidget {}\n",
    })),
};

/** Whatever asks for the whole editor gets the features that we chose. */
const withOurEditor = (path) => ({
  name: "with our choice of the editor",
  setup: ({ onResolve }) => {
    onResolve({ filter: /[\\/]monaco-editor(\.js)?$/ }, ({ importer }) =>
      /monaco-graphql|@graphiql/.test(importer) ? { path } : null,
    );
  },
});
