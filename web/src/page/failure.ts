// What can go wrong between this page and the service, said so that people know what to do.

const WORDS: Readonly<Record<string, string>> = {
  RATE_LIMITED: "That was a lot at once. Wait a moment, then try again.",
  COST_LIMIT_EXCEEDED: "That asks for more than the service gives at once.",
  UNAUTHENTICATED: "The access token is over or not valid. Paste a new one under Settings.",
  FORBIDDEN: "Your role does not allow this.",
  NOT_FOUND: "That is not here any more.",
  OVERLOADED: "The service is busy. Try again in a moment.",
  UNAVAILABLE: "This part of the service is resting. Nothing was changed; try again soon.",
  PERSISTED_QUERY_NOT_FOUND: "This page is older than the service. Load it again.",
  PERSISTED_QUERY_REQUIRED: "This page is older than the service. Load it again.",
  OFFLINE: "The service cannot be reached. Is the network there?",
  TIMEOUT: "The service did not answer in time.",
};
const OTHERWISE = "Something went wrong on our side.";

/** An operation that gave no data; `code` is the contract's, OFFLINE or TIMEOUT. */
export class Failure extends Error {
  constructor(
    readonly code: string,
    readonly detail: string = "",
    readonly retryAfter: number | null = null, // milliseconds
  ) {
    super(`${code}: ${detail}`);
  }
}

/** What to tell people; mistakes of theirs are told in the service's own words. */
export function inWords(error: unknown): string {
  if (!(error instanceof Failure)) return OTHERWISE;
  if (error.code === "BAD_USER_INPUT" && error.detail) return error.detail;
  return WORDS[error.code] ?? OTHERWISE;
}
