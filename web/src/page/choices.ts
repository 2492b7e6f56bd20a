// A row of links of which one is the present.
import type { TrendingWindow } from "../operations";
import { element } from "./elements";
import { address, type Route } from "./routes";

export const WINDOW_WORDS: Readonly<Record<TrendingWindow, string>> = {
  HOUR: "This hour",
  DAY: "Today",
  WEEK: "This week",
};

export function choices(
  label: string,
  options: readonly { readonly words: string; readonly to: Route; readonly isHere: boolean }[],
): HTMLElement {
  const links = options.map(({ words, to, isHere }) =>
    element("a", { href: address(to), "aria-current": isHere ? "page" : null }, words),
  );
  return element("nav", { class: "choices", "aria-label": label }, ...links);
}
