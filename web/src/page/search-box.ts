// The search box with its suggestions (ARIA's combobox pattern with a list).
import { type SearchType, Suggest, type SuggestData } from "../operations";
import { execute } from "./api";
import { element } from "./elements";
import type { Route } from "./routes";

type Suggestion = SuggestData["suggest"][number];

const REST = 150; // milliseconds without a key before suggestions are asked for
const LONGEST = 256;
const KINDS: Readonly<Record<SearchType, string>> = {
  POSTS: "",
  CREATORS: "creator",
  HASHTAGS: "hashtag",
};

export class SearchBox {
  readonly element: HTMLElement;
  readonly #go: (to: Route) => void;
  readonly #list = element("ul", { role: "listbox", id: "suggestions", "aria-label": "Suggestions", hidden: true });
  readonly #input = element("input", {
    type: "search",
    name: "query",
    placeholder: "Search",
    "aria-label": "Search posts, creators and hashtags",
    role: "combobox",
    autocomplete: "off",
    "aria-expanded": "false",
    "aria-controls": "suggestions",
    "aria-autocomplete": "list",
    maxlength: LONGEST,
  });
  #suggestions: readonly Suggestion[] = [];
  #chosen = -1;
  #timer = 0;
  #asked = new AbortController();

  constructor(go: (to: Route) => void) {
    this.#go = go;
    this.element = element("form", { role: "search" }, this.#input, this.#list);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#search();
    });
    this.#input.addEventListener("input", () => this.#wait());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("blur", () => this.#close());
  }

  show(route: Route): void {
    this.#input.value = route.view === "search" ? route.query : "";
    this.#close();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#asked.abort();
    this.#timer = window.setTimeout(() => void this.#suggest(), REST);
  }

  async #suggest(): Promise<void> {
    const prefix = this.#input.value.trim();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    if (!prefix) {
      this.#close();
      return;
    }
    try {
      const { suggest } = await execute(Suggest, { prefix }, { signal });
      if (!signal.aborted && document.activeElement === this.#input) this.#open(suggest);
    } catch {
      this.#close(); // one can search without suggestions
    }
  }

  #open(suggestions: readonly Suggestion[]): void {
    this.#suggestions = suggestions;
    this.#chosen = -1;
    this.#list.replaceChildren(...suggestions.map((one, index) => this.#option(one, index)));
    this.#list.hidden = suggestions.length === 0;
    this.#input.setAttribute("aria-expanded", String(suggestions.length > 0));
    this.#input.removeAttribute("aria-activedescendant");
  }

  #option({ text, type }: Suggestion, index: number): HTMLElement {
    const option = element(
      "li",
      { role: "option", id: `suggestion-${index}`, "aria-selected": "false" },
      type === "HASHTAGS" ? `#${text}` : text,
      KINDS[type] && element("span", { class: "quiet" }, ` ${KINDS[type]}`),
    );
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the box keeps the focus
      this.#take(index);
    });
    return option;
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#asked.abort();
    this.#open([]);
  }

  #key(event: KeyboardEvent): void {
    const count = this.#suggestions.length;
    if (event.key === "Escape") this.#close();
    else if (count > 0 && event.key === "ArrowDown") this.#choose((this.#chosen + 1) % count);
    else if (count > 0 && event.key === "ArrowUp") {
      this.#choose(this.#chosen <= 0 ? count - 1 : this.#chosen - 1);
    } else if (this.#chosen >= 0 && event.key === "Enter") this.#take(this.#chosen);
    else return;
    event.preventDefault();
  }

  #choose(index: number): void {
    this.#chosen = index;
    [...this.#list.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === index));
    });
    this.#input.setAttribute("aria-activedescendant", `suggestion-${index}`);
  }

  #take(index: number): void {
    const taken = this.#suggestions[index];
    if (!taken) return;
    if (taken.type === "HASHTAGS") this.#go({ view: "hashtag", name: taken.text, window: "DAY" });
    else this.#go({ view: "search", query: taken.text, type: taken.type });
  }

  #search(): void {
    const query = this.#input.value.trim();
    if (query) this.#go({ view: "search", query, type: "POSTS" });
  }
}
