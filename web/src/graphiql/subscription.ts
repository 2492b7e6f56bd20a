// A subscription for GraphiQL: server-sent events, each result as it comes.
import type { FetcherParams } from "@graphiql/toolkit";
import { events } from "../events";

/** Results until the service completes or GraphiQL stops listening. */
export async function* subscription(
  url: string,
  parameters: FetcherParams,
  headers: Record<string, string>,
): AsyncGenerator<object> {
  const stop = new AbortController();
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, accept: "text/event-stream", "content-type": "application/json" },
      body: JSON.stringify(parameters),
      signal: stop.signal,
    });
    const type = response.headers.get("content-type") ?? "";
    if (!response.body || !type.startsWith("text/event-stream")) {
      yield (await response.json()) as object;
      return;
    }
    for await (const { event, data } of events(response.body)) {
      if (event === "complete") return;
      if (event === "next") yield JSON.parse(data) as object;
    }
  } finally {
    stop.abort();
  }
}
