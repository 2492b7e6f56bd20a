// How up to date a list is: said in one quiet line, and only where there is something to say.
import type { Freshness } from "../operations";
import { element } from "./elements";
import { ago } from "./words";

export interface FeedState {
  readonly freshness: Freshness;
  readonly degradedSources: readonly string[];
  readonly generatedAt?: string;
}

const WORDS: Readonly<Record<Freshness, string>> = {
  LIVE: "",
  STALE: "These lists are a little old; newer ones will come.",
  SNAPSHOT: "Live lists are away for the moment; these are the last saved ones.",
  STATIC: "Almost everything is away for the moment; this is a list kept for such times.",
};

export function freshnessLine(): HTMLElement {
  return element("p", { class: "freshness quiet", role: "status" });
}

export function tellFreshness(line: HTMLElement, feed: FeedState): void {
  const sources = feed.degradedSources.join(", ");
  const missing = sources && `Some sources did not answer: ${sources}.`;
  const made = feed.generatedAt && feed.freshness !== "LIVE" && `Made ${ago(feed.generatedAt)}.`;
  line.textContent = [WORDS[feed.freshness], made, missing].filter(Boolean).join(" ");
}
