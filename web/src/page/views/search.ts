// What a search found.
import { Search, type SearchData, type SearchType } from "../../operations";
import { execute } from "../api";
import { choices } from "../choices";
import { creatorCard } from "../creator-card";
import { element } from "../elements";
import { EndlessList, type Page } from "../endless-list";
import { freshnessLine, tellFreshness } from "../freshness";
import { highlighted } from "../highlights";
import type { Impressions } from "../impressions";
import { listView, type Snapshot, type Surroundings } from "../list-view";
import { title } from "../title";
import { postCard } from "../post-card";
import { address, type Route, SEARCH_TYPES } from "../routes";
import type { View } from "../view";
import { counted } from "../words";

type Here = Extract<Route, { view: "search" }>;
type Found = SearchData["search"]["edges"][number];

export const TYPE_WORDS: Readonly<Record<SearchType, string>> = {
  POSTS: "Posts",
  CREATORS: "Creators",
  HASHTAGS: "Hashtags",
};

export function search(here: Here, surroundings: Surroundings, snapshot: unknown): View {
  const { query, type } = here;
  const freshness = freshnessLine();
  const count = element("p", { class: "quiet", role: "status" });
  const list = new EndlessList<Found>({
    label: "Search results",
    empty: "Nothing found. Try fewer or other words.",
    key: ({ node }) => node.id,
    render: (found) => card(found, surroundings.impressions),
    load: async (after, signal): Promise<Page<Found>> => {
      const { search: found } = await execute(Search, { query, type, after }, { signal });
      tellFreshness(freshness, found.feed);
      count.textContent = found.totalCount === null ? "" : counted(found.totalCount, "match", "matches");
      return { items: found.edges, next: found.pageInfo.hasNextPage ? found.pageInfo.endCursor : null };
    },
    restart: surroundings.renew,
    loaded: (snapshot as Snapshot<Found> | undefined)?.loaded,
  });
  const head = [title(`Search: ${query}`), types(here), count, freshness];
  return listView(`Search: ${query}`, head, list, surroundings);
}

function types(here: Here): HTMLElement {
  return choices(
    "What to look for",
    SEARCH_TYPES.map((type) => ({
      words: TYPE_WORDS[type],
      to: { ...here, type },
      isHere: type === here.type,
    })),
  );
}

function card({ node, highlights, impressionToken }: Found, impressions: Impressions): HTMLElement {
  switch (node.__typename) {
    case "Post":
      return postCard(node, { impressions, token: impressionToken, highlight: highlighted(highlights) });
    case "Creator":
      return creatorCard(node, null);
    case "Hashtag":
      return element(
        "article",
        { class: "card", "aria-label": `#${node.name}` },
        element(
          "h2",
          {},
          element("a", { href: address({ view: "hashtag", name: node.name, window: "DAY" }) }, `#${node.name}`),
        ),
        element("p", { class: "quiet" }, counted(node.postCount, "post")),
      );
  }
}
