// One way to the service: stored operations by id, with a deadline, failures by their codes.
import type { Operation } from "../operations";
import { Failure } from "./failure";
import { signOut, token } from "./session";

export const ENDPOINT = "/graphql";
const DEADLINE = 10_000; // milliseconds
const LONGEST_WAIT = 5_000; // milliseconds that a query waits for the rate limit, once

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly retryAfterMs?: number };
  }[];
}

interface Options {
  readonly signal?: AbortSignal;
  readonly keepalive?: boolean;
}

/** The operation's data. Throws `Failure`, or an `AbortError` where `signal` said so. */
export async function execute<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  options: Options = {},
): Promise<Data> {
  try {
    return await once(operation, variables, options);
  } catch (error) {
    const wait = error instanceof Failure ? error.retryAfter : null;
    if (operation.kind !== "query" || wait === null || wait > LONGEST_WAIT) throw error;
    await new Promise((resolve) => setTimeout(resolve, wait));
    options.signal?.throwIfAborted();
    return once(operation, variables, options);
  }
}

/** Headers of every request; those of signed-in people carry the token. */
export function headers(accept: string): Record<string, string> {
  const given = token();
  return {
    accept,
    "content-type": "application/json",
    ...(given ? { authorization: `Bearer ${given}` } : {}),
  };
}

export function body(operation: { readonly id: string }, variables: unknown): string {
  return JSON.stringify({ documentId: operation.id, variables });
}

async function once<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  { signal, keepalive = false }: Options,
): Promise<Data> {
  const deadline = AbortSignal.timeout(DEADLINE);
  const init = {
    headers: headers("application/graphql-response+json, application/json;q=0.9"),
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    keepalive,
  };
  try {
    const response = await (operation.kind === "query" && !token()
      ? fetch(`${ENDPOINT}?${query(operation, variables)}`, init)
      : fetch(ENDPOINT, { ...init, method: "POST", body: body(operation, variables) }));
    return dataOf((await response.json()) as Answer<Data>);
  } catch (error) {
    if (error instanceof Failure || signal?.aborted) throw error;
    throw new Failure(deadline.aborted ? "TIMEOUT" : "OFFLINE");
  }
}

/** Anonymous queries are GET requests, so that caches on the way may answer them. */
function query(operation: { readonly id: string }, variables: unknown): URLSearchParams {
  return new URLSearchParams({
    documentId: operation.id,
    variables: JSON.stringify(variables),
  });
}

function dataOf<Data>({ data, errors }: Answer<Data>): Data {
  if (data) return data;
  const first = errors?.[0];
  const code = first?.extensions?.code ?? "INTERNAL_SERVER_ERROR";
  if (code === "UNAUTHENTICATED") signOut();
  throw new Failure(code, first?.message, first?.extensions?.retryAfterMs ?? null);
}
