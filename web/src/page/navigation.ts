// Going from view to view, and coming back to the place one left.
//
// The last few views are kept as they stand, so that "back" is exact. When the page is left or
// loaded again, what a view needs to be built anew goes to the tab's storage, under the id of its
// entry in the history.
import { address, type Route, route } from "./routes";
import type { View } from "./view";

const KEPT_VIEWS = 8;
const KEPT_SNAPSHOTS = 8;
const SNAPSHOT = "explore.view.";

interface Kept {
  readonly view: View;
  focus: Element | null;
}

export class Navigation {
  readonly #main: HTMLElement;
  readonly #build: (route: Route, snapshot: unknown) => View;
  readonly #shown: (route: Route, view: View) => void;
  readonly #kept = new Map<string, Kept>();
  #current = "";

  constructor(
    main: HTMLElement,
    build: (route: Route, snapshot: unknown) => View,
    shown: (route: Route, view: View) => void,
  ) {
    this.#main = main;
    this.#build = build;
    this.#shown = shown;
  }

  start(): void {
    history.scrollRestoration = "manual";
    document.addEventListener("click", (event) => this.#follow(event));
    window.addEventListener("popstate", () => this.#show(entry()));
    window.addEventListener("pagehide", () => this.#save());
    this.#show(entry());
  }

  go(to: Route): void {
    history.pushState({ entry: crypto.randomUUID() }, "", address(to));
    this.#show(entry());
  }

  /** Build the present view anew, forgetting what it held. */
  renew(): void {
    this.#forget(this.#current);
    this.#show(entry());
  }

  /** Forget every view: they were made for somebody else. */
  forgetAll(): void {
    for (const key of [...this.#kept.keys()]) this.#forget(key);
    this.#show(entry());
  }

  #follow(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey);
    if (!link || !isPlain || link.target || link.origin !== location.origin) return;
    if (link.pathname !== "/" || link.hash) return;
    event.preventDefault();
    this.go(route(link.search));
  }

  #leave(): void {
    const kept = this.#kept.get(this.#current);
    if (!kept) return;
    kept.focus = document.activeElement;
    kept.view.rememberPlace?.();
    kept.view.pause?.();
  }

  #show(key: string): void {
    const isFirst = this.#current === "";
    if (key !== this.#current) this.#leave();
    const asked = route(location.search);
    const known = this.#kept.get(key);
    const snapshot = known ? undefined : take(key);
    const kept = known ?? { view: this.#build(asked, snapshot), focus: null };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    this.#current = key;
    for (const old of [...this.#kept.keys()].slice(0, -KEPT_VIEWS)) this.#forget(old);

    this.#main.replaceChildren(kept.view.element);
    this.#shown(asked, kept.view);
    kept.view.resume?.();
    window.scrollTo(0, 0);
    if (known || snapshot !== undefined) kept.view.restorePlace?.();
    if (kept.focus instanceof HTMLElement && kept.view.element.contains(kept.focus)) {
      kept.focus.focus({ preventScroll: true });
    } else if (!isFirst) {
      kept.view.element.querySelector("h1")?.focus({ preventScroll: true });
    }
  }

  #forget(key: string): void {
    this.#kept.get(key)?.view.close?.();
    this.#kept.delete(key);
  }

  #save(): void {
    const kept = [...this.#kept].slice(-KEPT_SNAPSHOTS);
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(SNAPSHOT)) sessionStorage.removeItem(key);
    }
    this.#kept.get(this.#current)?.view.rememberPlace?.();
    for (const [key, { view }] of kept.reverse()) {
      const snapshot = view.snapshot?.();
      if (snapshot === undefined) continue;
      try {
        sessionStorage.setItem(SNAPSHOT + key, JSON.stringify(snapshot));
      } catch {
        return; // the storage is full: the newest views are in it
      }
    }
  }
}

/** The id of the present entry in the history; given to it where it has none. */
function entry(): string {
  const state = history.state as { entry?: string } | null;
  if (state?.entry) return state.entry;
  const made = crypto.randomUUID();
  history.replaceState({ entry: made }, "");
  return made;
}

function take(key: string): unknown {
  const text = sessionStorage.getItem(SNAPSHOT + key);
  return text === null ? undefined : JSON.parse(text);
}
