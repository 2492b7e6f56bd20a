// Headings and the window's title.
import { element } from "./elements";

export function title(text: string): HTMLElement {
  return element("h1", { tabindex: -1 }, text);
}

export function showTitle(text: string): void {
  document.title = `${text} · Explore`;
}
