// Relay on stored documents: a request is an id and variables; the compiler has written the texts down.
import { createClient } from "graphql-ws";
import {
  Environment,
  type FetchFunction,
  type GraphQLResponse,
  Network,
  Observable,
  RecordSource,
  type RequestParameters,
  Store,
  type SubscribeFunction,
} from "relay-runtime";
import WebSocket from "ws"; // browsers and Node 22 have their own

/** `token` is empty for an anonymous caller. `close` ends the connection for live lists. */
export function connect(url: string, token: string): { environment: Environment; close: () => void } {
  const authorization = token ? { authorization: `Bearer ${token}` } : {};
  const socket = createClient({
    url: url.replace(/^http/, "ws"),
    connectionParams: authorization,
    webSocketImpl: WebSocket,
  });

  const ask: FetchFunction = async (operation, variables) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...authorization, "content-type": "application/json", accept: "application/graphql-response+json" },
      body: JSON.stringify({ documentId: documentId(operation), variables }),
    });
    return (await response.json()) as GraphQLResponse;
  };
  const follow: SubscribeFunction = (operation, variables) =>
    Observable.create((sink) =>
      // graphql-ws wants a text; its other members are sent as they are, and the service wants the id.
      socket.subscribe({ query: "", documentId: documentId(operation), variables } as never, {
        next: (result) => sink.next(result as GraphQLResponse),
        error: (failure) => sink.error(failure instanceof Error ? failure : new Error(JSON.stringify(failure))),
        complete: () => sink.complete(),
      }),
    );

  const environment = new Environment({ network: Network.create(ask, follow), store: new Store(new RecordSource()) });
  return { environment, close: () => void socket.dispose() };
}

function documentId({ id, name }: RequestParameters): string {
  if (!id) throw new Error(`${name} is not in persisted-queries.json`);
  return `sha256:${id}`;
}
