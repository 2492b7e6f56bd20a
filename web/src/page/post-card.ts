// A post as it stands in every list.
import type { PostCard } from "../operations";
import { element, outwardLink } from "./elements";
import type { Impressions } from "./impressions";
import { pictures } from "./media";
import { notInterested } from "./not-interested";
import { postActions } from "./post-actions";
import { address } from "./routes";
import { ago, moment } from "./words";

/** Where a card stands. */
export interface Setting {
  readonly impressions: Impressions;
  readonly token: string | null; // the one that the post was served with
  readonly mark?: Node | null; // shown before the name of the creator, such as a rank
  readonly reasons?: readonly { readonly message: string }[];
  readonly highlight?: Node | null; // takes the place of the text
}

export function postCard(post: PostCard, setting: Setting): HTMLElement {
  const heading = element(
    "h2",
    {},
    element("a", { href: address({ view: "post", id: post.id }) }, headline(post)),
  );
  const card = element(
    "article",
    { class: "card", "aria-label": headline(post), lang: post.language },
    element("header", {}, setting.mark, byline(post)),
    post.interstitial ? behindNotice(post, heading, setting) : null,
    ...(post.interstitial ? [] : content(post, heading, setting)),
    labels(post),
    postActions(post, setting, (button) => notInterested(post, setting, card, button)),
  );
  setting.impressions.watch(card, { postId: post.id, token: setting.token });
  return card;
}

/** What names the post: its title, or how its text begins. */
export function headline(post: PostCard): string {
  const text = post.title || post.text.trim() || "Untitled";
  return text.length > 120 ? `${text.slice(0, 119).trimEnd()}…` : text;
}

function byline(post: PostCard): HTMLElement {
  const { creator } = post;
  return element(
    "p",
    { class: "byline" },
    element(
      "a",
      { href: address({ view: "creator", handle: creator.handle }), class: "creator" },
      creator.displayName,
    ),
    element("span", { class: "quiet" }, `@${creator.handle}`),
    element(
      "time",
      { datetime: post.createdAt, title: moment(post.createdAt), class: "quiet" },
      ago(post.createdAt),
    ),
  );
}

function content(post: PostCard, heading: HTMLElement, setting: Setting): HTMLElement[] {
  const isTold = !post.title && post.text.length <= 120; // the heading says it all
  const text = setting.highlight ?? (isTold ? null : post.text);
  const source = post.url && element("p", { class: "source" }, outwardLink(post.url, site(post.url)));
  const parts = [
    heading,
    text && element("p", { class: "text" }, text),
    source,
    pictures(post.media),
  ];
  return parts.filter((part): part is HTMLElement => part instanceof HTMLElement);
}

function behindNotice(post: PostCard, heading: HTMLElement, setting: Setting): HTMLElement {
  return element(
    "details",
    { class: "notice" },
    element("summary", {}, `${post.interstitial?.message ?? ""} Show it anyway`),
    ...content(post, heading, setting),
  );
}

function labels(post: PostCard): HTMLElement | null {
  const links = [
    ...post.categories.map(({ category }) =>
      element("a", { href: address({ view: "category", slug: category.slug }) }, category.name),
    ),
    ...post.hashtags.map(({ name }) =>
      element("a", { href: address({ view: "hashtag", name, window: "DAY" }) }, `#${name}`),
    ),
  ];
  if (links.length === 0) return null;
  return element("ul", { class: "labels" }, ...links.map((link) => element("li", {}, link)));
}

function site(url: string): string {
  try {
    return new URL(url).hostname.replace(/^www\./, "");
  } catch {
    return url;
  }
}
