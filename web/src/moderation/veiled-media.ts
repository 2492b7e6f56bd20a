// Pictures are not even loaded before someone asks for them: who reviews chooses when to look.
import type { CaseCard } from "../operations";
import { button, element } from "../page/elements";
import { pictures } from "../page/media";

export function veiledMedia(media: CaseCard["post"]["media"]): HTMLElement | null {
  if (media.length === 0) return null;
  const place = element("div", { class: "veiled" });
  const veil = button("", () => show(!isShown), { class: "veil" });
  let isShown = false;
  show(false);
  return element("div", { class: "media-of-case" }, veil, place);

  function show(wanted: boolean): void {
    isShown = wanted;
    place.replaceChildren(wanted ? (pictures(media) ?? "") : blurred(media.length));
    const what = media.length === 1 ? "the picture" : "the pictures";
    veil.textContent = `${wanted ? "Hide" : "Show"} ${what} (V)`;
    veil.setAttribute("aria-pressed", String(wanted));
  }
}

function blurred(count: number): HTMLElement {
  const panes = Array.from({ length: Math.min(count, 4) }, () => element("span", { class: "blurred" }));
  return element("div", { class: "media", "aria-hidden": "true" }, ...panes);
}
