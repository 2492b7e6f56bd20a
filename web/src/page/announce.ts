// Short messages, for eyes and screen readers alike; the latest takes the place of the one before.
import { element, present } from "./elements";

const SHOWN = 8_000; // milliseconds; what went wrong stays until something else is said or shown
const area = element("div", { role: "status", class: "announcement" });
let timer = 0;

export function announcementArea(): HTMLElement {
  return area;
}

export function announce(...message: readonly (Node | string)[]): void {
  tellFailure(...message);
  timer = window.setTimeout(silence, SHOWN);
}

export function tellFailure(...message: readonly (Node | string)[]): void {
  clearTimeout(timer);
  area.replaceChildren(...present(message));
}

export function silence(): void {
  area.replaceChildren();
}
