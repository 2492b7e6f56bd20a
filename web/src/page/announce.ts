// Short messages, for eyes and screen readers alike; the latest takes the place of the one before.
import { element, present } from "./elements";

const SHOWN = 8_000; // milliseconds
const area = element("div", { role: "status", class: "announcement" });
let timer = 0;

export function announcementArea(): HTMLElement {
  return area;
}

export function announce(...message: readonly (Node | string)[]): void {
  clearTimeout(timer);
  area.replaceChildren(...present(message));
  timer = window.setTimeout(() => area.replaceChildren(), SHOWN);
}
