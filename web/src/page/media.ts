// Pictures are shown; films, sounds and pages are linked. Only https pictures may be loaded.
import type { PostCard } from "../operations";
import { element, outwardLink } from "./elements";

type Medium = Pick<PostCard["media"][number], "url" | "kind" | "alt">;
const WORDS: Readonly<Record<Medium["kind"], string>> = {
  IMAGE: "Open the picture",
  VIDEO: "Watch the film",
  AUDIO: "Listen",
  LINK: "Open the page",
};
const SHOWN = 4; // pictures of one post

export function pictures(media: readonly Medium[]): HTMLElement | null {
  if (media.length === 0) return null;
  return element("div", { class: "media" }, ...media.slice(0, SHOWN).map(one));
}

function one(medium: Medium): HTMLElement {
  const words = medium.alt || WORDS[medium.kind];
  if (medium.kind !== "IMAGE" || !medium.url.startsWith("https:")) {
    return element("p", {}, outwardLink(medium.url, words));
  }
  const picture = element("img", {
    src: medium.url,
    alt: medium.alt ?? "",
    loading: "lazy",
    decoding: "async",
  });
  picture.addEventListener("error", () => picture.replaceWith(outwardLink(medium.url, words)));
  return picture;
}
