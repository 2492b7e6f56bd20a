// What signed-in people have had on screen, and how long: told to the service in batches.
//
// A post counts once it was half visible (or filled half of the window) for a second in all; it
// is told when it leaves the screen, with the token that it was served with. A longer view than
// five seconds counts as dwelling; where those came together later, that is told by itself.
import { TrackInteractions, type TrackInteractionInput } from "../operations";
import { execute } from "./api";
import { isSignedIn } from "./session";

const SHORTEST = 1_000; // milliseconds on screen
const LONGEST = 86_400_000;
const DWELL = 5_000; // milliseconds in all, from which on it is more than a look
const BATCH = 20;
const QUEUE = 100; // interactions kept while the service is away; the oldest go first
const EVERY = 5_000; // milliseconds between two batches
const ATTEMPTS = 3; // in a row, then what waits is dropped

export interface Impression {
  readonly postId: string;
  readonly token: string | null;
}

interface Watched extends Impression {
  shown: number; // milliseconds so far
  since: number | null; // on screen since, by the monotonic clock
  told: number | null; // milliseconds that were told of
}

export class Impressions {
  readonly #watched = new Map<Element, Watched>();
  readonly #observer = new IntersectionObserver((entries) => this.#note(entries), {
    threshold: [0, 0.25, 0.5, 0.75, 1],
  });
  #queue: TrackInteractionInput[] = [];
  #failures = 0;

  start(): void {
    window.setInterval(() => void this.#send(), EVERY);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#leave();
      else this.#look();
    });
    window.addEventListener("pagehide", () => this.#leave());
  }

  watch(post: Element, impression: Impression): void {
    this.#watched.set(post, { ...impression, shown: 0, since: null, told: null });
    this.#observer.observe(post);
  }

  /** Stop watching the posts within an element that is not needed any more. */
  forget(within: Element): void {
    for (const [post, watched] of this.#watched) {
      if (!within.contains(post)) continue;
      this.#stop(watched);
      this.#watched.delete(post);
      this.#observer.unobserve(post);
    }
  }

  #note(entries: readonly IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      const watched = this.#watched.get(entry.target);
      if (!watched) continue;
      const height = entry.rootBounds?.height ?? window.innerHeight;
      const fills = entry.intersectionRect.height >= height / 2;
      const isVisible = entry.intersectionRatio >= 0.5 || fills;
      if (isVisible && document.visibilityState === "visible") watched.since ??= performance.now();
      else this.#stop(watched);
    }
  }

  #stop(watched: Watched): void {
    if (watched.since === null) return;
    watched.shown += performance.now() - watched.since;
    watched.since = null;
    const isDwell = watched.told !== null;
    const least = isDwell ? DWELL + 1 : SHORTEST;
    if (watched.shown < least || (watched.told ?? 0) > DWELL || !isSignedIn()) return;
    watched.told = Math.round(watched.shown);
    this.#queue.push({
      target: { postId: watched.postId },
      action: isDwell ? "DWELL" : "VIEW",
      durationMs: Math.min(watched.told, LONGEST),
      ...(watched.token ? { impressionToken: watched.token } : {}),
    });
    this.#queue = this.#queue.slice(-QUEUE);
  }

  /** The page is out of sight: what was on it has been seen. */
  #leave(): void {
    for (const watched of this.#watched.values()) this.#stop(watched);
    void this.#send(true);
  }

  /** Observers speak only of changes: ask them what is on screen now. */
  #look(): void {
    for (const post of this.#watched.keys()) {
      this.#observer.unobserve(post);
      this.#observer.observe(post);
    }
  }

  /** Batch after batch; the last ones together, for nothing goes on once the page is gone. */
  async #send(isLast = false): Promise<void> {
    while (this.#queue.length > 0 && isSignedIn()) {
      const sent = this.#sendBatch(this.#queue.splice(0, BATCH), isLast);
      if (!isLast && !(await sent)) return;
    }
  }

  /** Whether the service has it; what it has not waits for the next time. */
  async #sendBatch(interactions: TrackInteractionInput[], keepalive: boolean): Promise<boolean> {
    try {
      await execute(TrackInteractions, { input: { interactions } }, { keepalive });
      this.#failures = 0;
      return true;
    } catch {
      this.#failures += 1;
      const isOver = this.#failures >= ATTEMPTS;
      this.#queue = isOver ? [] : [...interactions, ...this.#queue].slice(-QUEUE);
      return false;
    }
  }
}
