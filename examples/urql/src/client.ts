// urql on stored documents: queries by GET under their ids, live lists as server-sent events.
import { cacheExchange, Client, fetchExchange, stringifyDocument, subscriptionExchange } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import type { DocumentNode } from "graphql";
import { createClient, type ExecutionResult, type Sink } from "graphql-sse";

/** `token` is empty for an anonymous caller. */
export function connect(url: string, token: string): Client {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const events = createClient({ url, headers });
  return new Client({
    url,
    fetchOptions: { headers },
    exchanges: [
      cacheExchange,
      persistedExchange({
        generateHash: async (_text, document) => documentId(document),
        preferGetForPersistedQueries: true,
        enableForMutation: true,
        enableForSubscriptions: true,
      }),
      fetchExchange,
      subscriptionExchange({
        // The text goes along: a stream is not asked for a second time where its id is unknown.
        forwardSubscription: ({ variables = {}, extensions = {} }, { query }) => ({
          subscribe: (sink) => {
            const given = { query: stringifyDocument(query), variables, extensions };
            return { unsubscribe: events.subscribe(given, sink as Sink<ExecutionResult>) };
          },
        }),
      }),
    ],
  });
}

/** What codegen wrote beside the document. */
function documentId(document: DocumentNode): string {
  const { __meta__: meta } = document as DocumentNode & { __meta__?: { hash?: string } };
  if (!meta?.hash) throw new Error("this document is none that codegen has seen");
  return meta.hash.replace("sha256:", "");
}
