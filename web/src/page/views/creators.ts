// Creators worth following, and the page of one.
import {
  type CreatorCard,
  CreatorPage,
  type CreatorPageData,
  RecommendedCreators,
  type RecommendedCreatorsData,
} from "../../operations";
import { execute } from "../api";
import { creatorCard } from "../creator-card";
import { element } from "../elements";
import { EndlessList, type Page } from "../endless-list";
import { Failure } from "../failure";
import { record } from "../interactions";
import { listView, type Snapshot, type Surroundings } from "../list-view";
import { title } from "../title";
import { postCard } from "../post-card";
import type { Route } from "../routes";
import { isSignedIn } from "../session";
import type { View } from "../view";

type Recommended = RecommendedCreatorsData["creators"]["edges"][number];
type Posted = NonNullable<CreatorPageData["creator"]>["posts"]["edges"][number];

export function creators(
  { category }: Extract<Route, { view: "creators" }>,
  surroundings: Surroundings,
  snapshot: unknown,
): View {
  const list = new EndlessList<Recommended>({
    label: "Creators worth following",
    empty: "Nobody to suggest just now.",
    key: ({ node }) => node.id,
    render: ({ node, reason }) => creatorCard(node, reason.message),
    load: async (after, signal): Promise<Page<Recommended>> => {
      const given = { first: 20, after, category };
      const found = (await execute(RecommendedCreators, given, { signal })).creators;
      return { items: found.edges, next: found.pageInfo.hasNextPage ? found.pageInfo.endCursor : null };
    },
    restart: surroundings.renew,
    loaded: (snapshot as Snapshot<Recommended> | undefined)?.loaded,
  });
  return listView("Creators", [title("Creators worth following")], list, surroundings);
}

export function creator(
  { handle }: Extract<Route, { view: "creator" }>,
  surroundings: Surroundings,
  snapshot: unknown,
): View {
  const { impressions, renew } = surroundings;
  const who = element("div", {}, title(`@${handle}`));
  let about = (snapshot as Snapshot<Posted, CreatorCard> | undefined)?.about;
  if (about) introduce(who, about);
  const list = new EndlessList<Posted>({
    label: "Posts, newest first",
    empty: "No posts on show.",
    key: ({ node }) => node.id,
    render: ({ node }) => postCard(node, { impressions, token: null }),
    load: async (after, signal): Promise<Page<Posted>> => {
      const { creator: found } = await execute(CreatorPage, { handle, after }, { signal });
      if (!found) throw new Failure("NOT_FOUND");
      const { posts, ...card } = found;
      if (after === null) {
        about = card;
        introduce(who, card);
        if (isSignedIn()) void record("PROFILE_VISIT", { creatorId: found.id });
      }
      const { edges, pageInfo } = posts;
      return { items: edges, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
    },
    restart: renew,
    loaded: (snapshot as Snapshot<Posted> | undefined)?.loaded,
  });
  return listView(`@${handle}`, [who], list, surroundings, () => about);
}

function introduce(who: HTMLElement, found: CreatorCard): void {
  const hadFocus = who.contains(document.activeElement);
  who.replaceChildren(creatorCard(found, null, "h1"));
  if (hadFocus) who.querySelector("h1")?.focus({ preventScroll: true });
}
