// Apollo Client: a normalized cache, errors as they come, documents by GET under their hash.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { CombinedGraphQLErrors, ServerError } from "@apollo/client/errors";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { print } from "graphql";
import { TOKEN, URL } from "./surroundings.mjs";

const PAGE = gql`
  query Page {
    explore(first: 5) {
      nodes {
        id
        text
        creator {
          id
          displayName
        }
      }
    }
  }
`;
const headers = { authorization: `Bearer ${TOKEN}` };

test("posts and creators are kept once each, under type and id", async () => {
  const client = connect();
  const { data } = await client.query({ query: PAGE });
  assert.equal(data.explore.nodes.length, 5);
  const kept = client.cache.extract();
  for (const { id, creator } of data.explore.nodes) {
    assert.equal(kept[`Post:${id}`].id, id);
    assert.equal(kept[`Creator:${creator.id}`].displayName, creator.displayName);
  }
  assert.deepEqual((await client.query({ query: PAGE, fetchPolicy: "cache-only" })).data, data);
});

test("what does not fit the schema is a GraphQL error with its code", async () => {
  const failure = await failureOf(connect(), gql`query Wrong { nothing }`);
  assert.ok(CombinedGraphQLErrors.is(failure), String(failure));
  assert.equal(failure.errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
});

test("a token that is no token is a refusal", async () => {
  const failure = await failureOf(connect({ headers: { authorization: "Bearer x" } }), PAGE);
  const codes = CombinedGraphQLErrors.is(failure)
    ? failure.errors.map((error) => error.extensions.code)
    : JSON.parse(failure.bodyText).errors.map((error) => error.extensions.code);
  assert.deepEqual(codes, ["UNAUTHENTICATED"]);
  if (ServerError.is(failure)) assert.equal(failure.statusCode, 401);
});

test("an unknown hash is asked for again with its text, and stays unknown", async () => {
  const sent = [];
  const client = connect({ persisted: { useGETForHashedQueries: true }, sent });
  const unknown = gql`query NobodyKnows { categories(first: 3) { nodes { id slug } } }`;
  for (const round of [1, 2]) {
    const { data } = await client.query({ query: unknown, fetchPolicy: "no-cache" });
    assert.equal(data.categories.nodes.length, 3, `round ${round}`);
  }
  assert.deepEqual(
    sent.map(({ method, text }) => [method, text]),
    [
      ["GET", false],
      ["POST", true],
      ["GET", false],
      ["POST", true],
    ],
  );
});

test("an unknown hash without its text fails with the code", async () => {
  const client = connect({ persisted: { retry: () => false } });
  const failure = await failureOf(client, gql`query NobodyKnowsEither { categories { nodes { id } } }`);
  assert.ok(CombinedGraphQLErrors.is(failure), String(failure));
  assert.equal(failure.errors[0].message, "PersistedQueryNotFound");
  assert.equal(failure.errors[0].extensions.code, "PERSISTED_QUERY_NOT_FOUND");
});

function connect({ headers: given = headers, persisted, sent = [] } = {}) {
  const http = new HttpLink({
    uri: URL,
    headers: given,
    fetch: (url, options) => {
      const has = options.method === "GET" ? new globalThis.URL(url).searchParams.has("query") : "query" in JSON.parse(options.body);
      sent.push({ method: options.method, text: has });
      return fetch(url, options);
    },
  });
  const sha256 = (text) => createHash("sha256").update(text).digest("hex");
  const link = persisted
    ? new PersistedQueryLink({ generateHash: (document) => sha256(print(document)), ...persisted }).concat(http)
    : http;
  return new ApolloClient({ link: ApolloLink.from([link]), cache: new InMemoryCache() });
}

async function failureOf(client, query) {
  const { error } = await client.query({ query, errorPolicy: "all", fetchPolicy: "no-cache" }).catch((error) => ({ error }));
  assert.ok(error, "it did not fail");
  return error;
}
