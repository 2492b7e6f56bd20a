// graphql-sse in its mode of distinct connections: live lists as server-sent events.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "graphql-sse";
import { stored, TOKEN, URL } from "./surroundings.mjs";

const client = createClient({ url: URL, headers: { authorization: `Bearer ${TOKEN}` }, retryAttempts: 0 });

test("the head of the list comes first, and one can leave at any time", async () => {
  const query = "subscription { trendingUpdates(first: 5) { version reset entered { rank } } }";
  const heads = client.iterate({ query });
  const { reset, entered } = (await heads.next()).value.data.trendingUpdates;
  assert.equal(reset, true);
  assert.equal(entered.length, 5);
  assert.equal((await heads.return()).done, true);
});

test("a stored document by its id", async () => {
  const [id, query] = stored("TrendingUpdates");
  const extensions = { persistedQuery: { version: 1, sha256Hash: id.replace("sha256:", "") } };
  const heads = client.iterate({ query, extensions, variables: { first: 3 } });
  assert.equal((await heads.next()).value.data.trendingUpdates.entered.length, 3);
  await heads.return();
});

test("a query is one event and the end", async () => {
  const results = [];
  for await (const result of client.iterate({ query: "{ viewer { id } }" })) results.push(result.data);
  assert.deepEqual(results, [{ viewer: { id: "suite" } }]);
});
