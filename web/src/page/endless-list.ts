// A list that loads its next page shortly before its end comes on screen.
import { button, element } from "./elements";
import { Failure, inWords } from "./failure";
import { type Place, placeIn, returnTo } from "./place";

const AHEAD = "1200px"; // how far before its end the next page is asked for

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null; // the cursor to go on behind; null at the end
}

export interface Loaded<Item> extends Page<Item> {
  readonly place: Place | null;
}

export interface ListOptions<Item> {
  readonly label: string;
  readonly empty: string;
  readonly key: (item: Item) => string;
  readonly render: (item: Item, index: number) => HTMLElement;
  /** An item was taken out for good. */
  readonly dropped?: (element: HTMLElement) => void;
  readonly load: (after: string | null, signal: AbortSignal) => Promise<Page<Item>>;
  /** Begin anew: the list behind a cursor is over. */
  readonly restart: () => void;
  readonly loaded?: Loaded<Item> | undefined;
}

export class EndlessList<Item> {
  readonly element: HTMLElement;
  readonly list: HTMLElement;
  readonly #options: ListOptions<Item>;
  readonly #foot = element("div", { class: "foot" });
  readonly #elements = new Map<string, HTMLElement>();
  readonly #approach: IntersectionObserver;
  readonly #end = new AbortController();
  #items = new Map<string, Item>();
  #next: string | null = null;
  #place: Place | null = null;
  #isLoading = false;

  constructor(options: ListOptions<Item>) {
    this.#options = options;
    this.list = element("div", { class: "feed" });
    this.element = element("div", {}, this.list, this.#foot);
    this.#approach = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && void this.#more(),
      { rootMargin: AHEAD },
    );
    if (options.loaded) {
      this.#place = options.loaded.place;
      this.#take(options.loaded);
    } else {
      void this.#load(null);
    }
  }

  /** All items so far and where one is among them: enough to build the list anew. */
  loaded(): Loaded<Item> | undefined {
    if (this.#items.size === 0) return undefined;
    return { items: [...this.#items.values()], next: this.#next, place: this.#place };
  }

  rememberPlace(): void {
    this.#place = placeIn(this.list);
  }

  restorePlace(): void {
    returnTo(this.list, this.#place);
  }

  /** Put these items first, in this order, and take others out; `renew` is for known ones. */
  setHead(
    head: readonly Item[],
    gone: readonly string[],
    renew: (element: HTMLElement, item: Item) => void,
  ): void {
    const focused = document.activeElement;
    for (const key of gone) {
      const element = this.#elements.get(key);
      element?.remove();
      if (element) this.#options.dropped?.(element);
      this.#elements.delete(key);
      this.#items.delete(key);
    }
    const rest = new Map(this.#items);
    this.#items = new Map();
    head.forEach((item, index) => {
      const key = this.#options.key(item);
      const known = this.#elements.get(key);
      if (known) renew(known, item);
      const made = known ?? this.#make(item, index);
      const there = this.list.children[index];
      if (there !== made) this.list.insertBefore(made, there ?? null);
      this.#items.set(key, item);
      rest.delete(key);
    });
    for (const [key, item] of rest) this.#items.set(key, item);
    this.#number();
    if (focused instanceof HTMLElement && this.list.contains(focused)) {
      focused.focus({ preventScroll: true });
    }
  }

  close(): void {
    this.#end.abort();
    this.#approach.disconnect();
  }

  async #more(): Promise<void> {
    if (this.#next !== null) await this.#load(this.#next);
  }

  async #load(after: string | null): Promise<void> {
    if (this.#isLoading || this.#end.signal.aborted) return;
    this.#isLoading = true;
    this.list.setAttribute("aria-busy", "true");
    this.#foot.replaceChildren(element("p", { class: "loading" }, "Loading …"));
    try {
      this.#take(await this.#options.load(after, this.#end.signal));
    } catch (error) {
      if (!this.#end.signal.aborted) this.#tell(error, after);
    } finally {
      this.#isLoading = false;
      this.list.setAttribute("aria-busy", "false");
    }
  }

  #take({ items, next }: Page<Item>): void {
    for (const item of items) {
      const key = this.#options.key(item);
      if (this.#items.has(key)) continue;
      this.list.append(this.#make(item, this.#items.size));
      this.#items.set(key, item);
    }
    this.#next = next;
    this.#number();
    this.#approach.disconnect();
    if (next === null) this.#over();
    else this.#foot.replaceChildren(button("Show more", () => void this.#more()));
    if (next !== null) this.#approach.observe(this.#foot);
  }

  #make(item: Item, index: number): HTMLElement {
    const made = this.#options.render(item, index);
    const key = this.#options.key(item);
    this.#elements.set(key, made);
    made.dataset["key"] = key;
    made.tabIndex = -1;
    return made;
  }

  /** Where each item stands, for screen readers; one of them can be reached by the Tab key. */
  #number(): void {
    const all = [...this.list.children];
    const size = this.#next === null ? all.length : -1;
    all.forEach((one, index) => {
      one.setAttribute("aria-posinset", String(index + 1));
      one.setAttribute("aria-setsize", String(size));
    });
    const first = all[0];
    if (!(first instanceof HTMLElement)) return; // a feed has at least one article
    first.tabIndex = 0;
    this.list.setAttribute("role", "feed");
    this.list.setAttribute("aria-label", this.#options.label);
  }

  #over(): void {
    const text = this.#items.size === 0 ? this.#options.empty : "That is all for now.";
    this.#foot.replaceChildren(element("p", { class: "over" }, text));
  }

  #tell(error: unknown, after: string | null): void {
    const isGone = after !== null && error instanceof Failure && error.code === "BAD_USER_INPUT";
    const text = isGone ? "This list is too old to go on." : inWords(error);
    const remedy = isGone
      ? button("Begin anew", this.#options.restart)
      : button("Try again", () => void this.#load(after));
    this.#approach.disconnect();
    this.#foot.replaceChildren(element("p", { role: "alert" }, text), remedy);
  }
}
