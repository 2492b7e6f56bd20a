// A subscription as server-sent events. `EventSource` cannot carry a token, so the stream is read
// from a fetch: `next` events hold results, `complete` ends them.
import { events } from "../events";
import type { Operation } from "../operations";
import { body, ENDPOINT, headers } from "./api";
import { Failure } from "./failure";

/** Results until the service completes or `signal` aborts. Throws `Failure` where it breaks. */
export async function* subscribe<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  signal: AbortSignal,
): AsyncGenerator<Data> {
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: headers("text/event-stream"),
    body: body(operation, variables),
    signal,
  });
  const type = response.headers.get("content-type") ?? "";
  if (!response.body || !type.startsWith("text/event-stream")) throw new Failure("OFFLINE");
  for await (const { event, data } of events(response.body)) {
    if (event === "complete") return;
    if (event !== "next") continue;
    const result = JSON.parse(data) as { data?: Data | null };
    if (!result.data) throw new Failure("UNAVAILABLE");
    yield result.data;
  }
}
