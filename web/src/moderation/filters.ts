// Which part of the queue is shown, with how many wait in each, as they are now.
import type { ModerationCountsData, ModerationFilter } from "../operations";
import { button, element } from "../page/elements";
import { compact } from "../page/words";

export interface Filter {
  readonly name: keyof ModerationCountsData;
  readonly label: string;
  readonly variables: ModerationFilter;
}

const FILTERS: readonly Filter[] = [
  { name: "waiting", label: "All that waits", variables: {} },
  { name: "pending", label: "Uncertain", variables: { statuses: ["PENDING_REVIEW"] } },
  { name: "escalated", label: "Escalated", variables: { statuses: ["ESCALATED"] } },
  { name: "reported", label: "Reported", variables: { reasons: ["REPORTED"] } },
];

export class Filters {
  readonly first = FILTERS[0] as Filter;
  readonly element: HTMLElement;
  private readonly numbers = new Map<string, HTMLElement>();

  constructor(choose: (filter: Filter) => void) {
    const buttons = FILTERS.map((filter) => {
      const number = element("span", { class: "number", "data-count": filter.name }, "–");
      this.numbers.set(filter.name, number);
      const made = button(`${filter.label} `, () => {
        for (const one of buttons) one.setAttribute("aria-pressed", String(one === made));
        choose(filter);
      });
      made.append(number);
      made.setAttribute("aria-pressed", String(filter === FILTERS[0]));
      return made;
    });
    this.element = element("div", { class: "filters", role: "group", "aria-label": "Queue" }, ...buttons);
  }

  count(data: ModerationCountsData): void {
    for (const filter of FILTERS) {
      const number = this.numbers.get(filter.name);
      if (number) number.textContent = compact(data[filter.name].totalCount);
    }
  }
}
