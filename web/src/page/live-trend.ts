// Keeps the head of a trending list on screen as the service's changes say; can be paused.
import { button, element } from "./elements";
import type { EndlessList } from "./endless-list";
import { changedHead } from "./live-head";
import { follow, type LiveState, type Subject, type Update } from "./live-updates";
import { sliding } from "./slide";
import { renewRank, type TrendingEdge } from "./views/trending-list";

const WORDS: Readonly<Record<LiveState | "paused", string>> = {
  connecting: "Connecting …",
  live: "Live",
  polling: "Updated every few seconds",
  paused: "Paused",
};

export class LiveTrend {
  readonly controls: HTMLElement;
  readonly #subject: Subject;
  readonly #list: EndlessList<TrendingEdge>;
  readonly #state = element("span", { class: "live-state" });
  readonly #pauser: HTMLButtonElement;
  #head: readonly TrendingEdge[] = [];
  #isPaused = false;
  #running: AbortController | null = null;

  constructor(subject: Subject, list: EndlessList<TrendingEdge>) {
    this.#subject = subject;
    this.#list = list;
    this.#pauser = button("Pause live changes", () => this.#toggle(), {
      class: "toggle",
      "aria-pressed": "false",
    });
    this.controls = element("span", { class: "live" }, this.#pauser, this.#state);
    document.addEventListener("visibilitychange", this.#look);
  }

  start(): void {
    if (this.#isPaused || this.#running || document.visibilityState === "hidden") return;
    this.#running = new AbortController();
    const { signal } = this.#running;
    const tell = (state: LiveState) => !signal.aborted && this.#tell(state);
    void follow(this.#subject, (update) => !signal.aborted && this.#take(update), tell, signal);
  }

  stop(): void {
    this.#running?.abort();
    this.#running = null;
  }

  close(): void {
    this.stop();
    document.removeEventListener("visibilitychange", this.#look);
  }

  #toggle(): void {
    this.#isPaused = !this.#isPaused;
    this.#pauser.setAttribute("aria-pressed", String(this.#isPaused));
    this.stop();
    this.#tell("paused");
    this.start();
  }

  #take(update: Update): void {
    const before = this.#head;
    this.#head = changedHead(before, update);
    const kept = new Set(this.#head.map(({ node }) => node.id));
    const gone = before.map(({ node }) => node.id).filter((id) => !kept.has(id));
    sliding(this.#list.list, () => this.#list.setHead(this.#head, gone, renewRank));
  }

  #tell(state: LiveState | "paused"): void {
    this.#state.textContent = WORDS[state];
    this.#state.dataset["state"] = state;
  }

  /** Nobody looks: a stream into a hidden page is a waste. */
  readonly #look = (): void => {
    if (document.visibilityState === "hidden") this.stop();
    else if (this.controls.isConnected) this.start();
  };
}
