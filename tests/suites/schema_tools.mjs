// GraphQL Inspector: JSON of what differs in the served schema, what breaks users of earlier ones,
// and which stored documents do not fit.
//   node schema_tools.mjs COMMITTED SERVED MANIFEST EARLIER...
import { readFileSync } from "node:fs";
import { CriticalityLevel, diff, validate } from "@graphql-inspector/core";
import { buildSchema, Source } from "graphql";

const [committed, served, manifest, ...earlier] = process.argv.slice(2).map((path) => readFileSync(path, "utf8"));
const schema = buildSchema(committed);
const documents = Object.values(JSON.parse(manifest)).map((text) => new Source(text, /\w+ (\w+)/.exec(text)[1]));
const limits = { strictFragments: false, maxDepth: 12, maxAliasCount: 15, maxTokenCount: 1000 };

console.log(
  JSON.stringify({
    served: (await diff(schema, buildSchema(served))).map((change) => change.message),
    breaking: (await Promise.all(earlier.map(breaking))).flat(),
    documents: documents.length,
    invalid: validate(schema, documents, limits).map(({ source, errors, deprecated }) => [
      source.name,
      ...[...errors, ...deprecated].map((error) => error.message),
    ]),
  }),
);

async function breaking(text) {
  const changes = await diff(buildSchema(text), schema);
  return changes
    .filter((change) => change.criticality.level === CriticalityLevel.Breaking)
    .map((change) => change.message);
}
