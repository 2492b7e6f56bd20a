// Apollo Client on stored documents: each request names its document, and no text travels.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { type DocumentNode, OperationTypeNode } from "graphql";
import { createClient } from "graphql-ws";
import WebSocket from "ws"; // browsers and Node 22 have their own

/** `token` is empty for an anonymous caller. `close` ends the connection for live lists. */
export function connect(url: string, token: string): { client: ApolloClient; close: () => void } {
  const authorization = token ? { authorization: `Bearer ${token}` } : {};
  const socket = createClient({
    url: url.replace(/^http/, "ws"),
    connectionParams: authorization,
    webSocketImpl: WebSocket,
  });
  const transport = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    new HttpLink({ uri: url, headers: authorization }),
  );
  const client = new ApolloClient({
    link: new PersistedQueryLink({ generateHash: documentId }).concat(transport),
    cache: new InMemoryCache({ possibleTypes: { Node: ["Post", "Creator", "Category", "Hashtag"] } }),
  });
  return { client, close: () => void socket.dispose() };
}

/** What codegen wrote beside the document. */
function documentId(document: DocumentNode): string {
  const { __meta__: meta } = document as DocumentNode & { __meta__?: { hash?: string } };
  if (!meta?.hash) throw new Error("this document is none that codegen has seen");
  return meta.hash.replace("sha256:", "");
}
