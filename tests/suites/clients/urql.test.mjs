// urql: queries, errors, and stored documents by GET.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cacheExchange, Client, fetchExchange } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import { stored, TOKEN, URL } from "./surroundings.mjs";

test("a page of posts", async () => {
  const { data, error } = await connect().query("{ explore(first: 5) { nodes { id text } } }", {});
  assert.equal(error, undefined);
  assert.equal(data.explore.nodes.length, 5);
});

test("what does not fit the schema is a GraphQL error with its code", async () => {
  const { data, error } = await connect().query("query Wrong { nothing }", {});
  assert.equal(data, undefined);
  assert.deepEqual(
    error.graphQLErrors.map(({ extensions }) => extensions.code),
    ["GRAPHQL_VALIDATION_FAILED"],
  );
});

test("a mistake in a mutation's input is data", async () => {
  const mutation = `mutation Like($post: ID!) {
    trackInteraction(input: {target: {postId: $post}, action: LIKE}) { recorded userErrors { code path } } }`;
  const { data, error } = await connect().mutation(mutation, { post: "no id" });
  assert.equal(error, undefined);
  assert.deepEqual(data.trackInteraction, {
    __typename: "TrackInteractionPayload",
    recorded: false,
    userErrors: [{ __typename: "UserError", code: "NOT_FOUND", path: ["input", "target", "postId"] }],
  });
});

test("a stored document travels as its hash, by GET, and an anonymous answer may be shared", async () => {
  const [id, text] = stored("Categories");
  const answers = [];
  const client = connect({
    token: "",
    exchanges: [
      persistedExchange({ generateHash: async () => id.replace("sha256:", ""), preferGetForPersistedQueries: true }),
      fetchExchange,
    ],
    fetch: async (url, options) => {
      const answer = await fetch(url, options);
      answers.push([options.method, new globalThis.URL(url).searchParams.has("query"), answer.headers.get("cache-control")]);
      return answer;
    },
  });
  const { data, error } = await client.query(text, {});
  assert.equal(error, undefined);
  assert.ok(data.categories.edges?.length ?? data.categories.nodes.length);
  const [[method, hasText, caching]] = answers;
  assert.deepEqual([method, hasText, answers.length], ["GET", false, 1]);
  assert.match(caching, /^public, max-age=(\d|10)$/);
});

function connect({ token = TOKEN, exchanges = [cacheExchange, fetchExchange], fetch } = {}) {
  return new Client({
    url: URL,
    fetch,
    exchanges,
    fetchOptions: { headers: token ? { authorization: `Bearer ${token}` } : {} },
  });
}
