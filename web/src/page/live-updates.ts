// Changes of a trending list as they happen. Where no stream can be had, the list is asked for
// again and again instead, as long as it is on screen.
import {
  Trending,
  TrendingUpdates,
  type TrendingScope,
  type TrendingUpdatesData,
  type TrendingUpdatesVariables,
  type TrendingWindow,
} from "../operations";
import { execute } from "./api";
import { subscribe } from "./event-stream";

export type Update = TrendingUpdatesData["trendingUpdates"];
export type LiveState = "connecting" | "live" | "polling";

export const HEAD = 20; // ranks that are followed
const FIRST_WAIT = 1_000; // milliseconds before the second attempt; doubled each time
const ATTEMPTS = 4; // streams in a row that break before their first change
const POLL_EVERY = 15_000;

export interface Subject {
  readonly window: TrendingWindow;
  readonly scope: TrendingScope | null;
}

/** Follow a list until `signal` aborts. Versions are kept over streams, so that none is missed. */
export async function follow(
  subject: Subject,
  take: (update: Update) => void,
  tell: (state: LiveState) => void,
  signal: AbortSignal,
): Promise<void> {
  let since: number | null = null;
  let attempts = 0;
  while (attempts < ATTEMPTS && !signal.aborted) {
    tell("connecting");
    try {
      const variables: TrendingUpdatesVariables = {
        ...subject,
        first: HEAD,
        since,
      };
      for await (const { trendingUpdates } of subscribe(TrendingUpdates, variables, signal)) {
        attempts = 0;
        since = trendingUpdates.version;
        tell("live");
        take(trendingUpdates);
      }
    } catch {
      // Whatever broke it, the next attempt begins where this one ended.
    }
    attempts += 1;
    await pause(FIRST_WAIT * 2 ** (attempts - 1) * (0.5 + Math.random() / 2), signal);
  }
  while (!signal.aborted) {
    tell("polling");
    await poll(subject, take, signal);
    await pause(POLL_EVERY, signal);
  }
}

async function poll(
  subject: Subject,
  take: (update: Update) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { trending } = await execute(Trending, { ...subject, first: HEAD }, { signal });
    take({ version: 0, reset: true, entered: trending.edges, moved: [], left: [] });
  } catch {
    // The next one may do better; the list on screen stays.
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
