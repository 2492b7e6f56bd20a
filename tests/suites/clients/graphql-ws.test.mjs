// graphql-ws: live lists over a WebSocket, with a token in connection_init.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { SOCKET, stored, TOKEN } from "./surroundings.mjs";

const TEXT = "subscription { trendingUpdates(first: 5) { version reset entered { rank node { id } } } }";

test("the head of the list comes first, and one can leave at any time", async () => {
  const client = connect();
  const heads = client.iterate({ query: TEXT });
  const { value } = await heads.next();
  const { reset, entered } = value.data.trendingUpdates;
  assert.equal(reset, true);
  assert.deepEqual(
    entered.map(({ rank }) => rank),
    [1, 2, 3, 4, 5],
  );
  assert.equal((await heads.return()).done, true);
  await client.dispose();
});

test("a stored document by its id", async () => {
  const client = connect();
  const [documentId] = stored("TrendingUpdates");
  const heads = client.iterate({ query: "", documentId, variables: { first: 3 } });
  const { value } = await heads.next();
  assert.equal(value.data.trendingUpdates.entered.length, 3);
  await heads.return();
  await client.dispose();
});

test("queries run over the same connection", async () => {
  const client = connect();
  for await (const { data } of client.iterate({ query: "{ viewer { id } }" })) assert.equal(data.viewer.id, "suite");
  await client.dispose();
});

test("what does not fit the schema is an error of that operation alone", async () => {
  const client = connect();
  const failed = await client.iterate({ query: "subscription { nothing }" }).next().catch((error) => error);
  assert.equal([failed].flat()[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
  const heads = client.iterate({ query: TEXT });
  assert.equal((await heads.next()).value.data.trendingUpdates.reset, true);
  await client.dispose();
});

test("a token that is no token is refused", async () => {
  const client = connect({ connectionParams: { authorization: "Bearer x" }, retryAttempts: 0 });
  const failure = await client.iterate({ query: TEXT }).next().catch((error) => error);
  assert.equal(failure.code, 4403);
});

test("a page of another site is refused", async () => {
  class Foreign extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols, { headers: { origin: "https://elsewhere.example" } });
    }
  }
  const client = connect({ webSocketImpl: Foreign, retryAttempts: 0 });
  await assert.rejects(client.iterate({ query: TEXT }).next());
});

function connect(options = {}) {
  return createClient({
    url: SOCKET,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${TOKEN}` },
    ...options,
  });
}
