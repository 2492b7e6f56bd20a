// A creator as they stand in lists and above their posts.
import type { CreatorCard } from "../operations";
import { element } from "./elements";
import { record } from "./interactions";
import { address } from "./routes";
import { toggle } from "./toggle";
import { counted } from "./words";

export function creatorCard(
  creator: CreatorCard,
  reason: string | null,
  heading: "h1" | "h2" = "h2",
): HTMLElement {
  const home = address({ view: "creator", handle: creator.handle });
  const name = heading === "h2" ? element("a", { href: home }, creator.displayName) : creator.displayName;
  return element(
    "article",
    { class: "card creator-card", "aria-label": creator.displayName },
    portrait(creator),
    element(
      "div",
      {},
      element(heading, { tabindex: heading === "h1" ? -1 : null }, name),
      element("p", { class: "quiet" }, facts(creator)),
      reason && element("p", { class: "reason" }, reason),
      topics(creator),
    ),
    follow(creator),
  );
}

function follow(creator: CreatorCard): HTMLElement {
  return toggle({
    label: () => "Follow",
    action: "follow",
    isOn: creator.isFollowedByViewer ?? false,
    change: (isOn) => record(isOn ? "FOLLOW" : "UNFOLLOW", { creatorId: creator.id }),
  });
}

function facts(creator: CreatorCard): string {
  const followers = creator.followerCount;
  return [
    `@${creator.handle}`,
    counted(creator.postCount, "post"),
    followers === null ? "" : counted(followers, "follower"),
  ]
    .filter(Boolean)
    .join(" · ");
}

function topics(creator: CreatorCard): HTMLElement | null {
  if (creator.topCategories.length === 0) return null;
  const links = creator.topCategories.map(({ slug, name }) =>
    element("li", {}, element("a", { href: address({ view: "category", slug }) }, name)),
  );
  return element("ul", { class: "labels" }, ...links);
}

function portrait({ avatarUrl, displayName }: CreatorCard): HTMLElement {
  const initial = element(
    "span",
    { class: "portrait", "aria-hidden": "true" },
    [...displayName][0] ?? "?",
  );
  if (!avatarUrl?.startsWith("https:")) return initial;
  const picture = element("img", { class: "portrait", src: avatarUrl, alt: "", loading: "lazy" });
  picture.addEventListener("error", () => picture.replaceWith(initial));
  return picture;
}
