// Posts ranked for the caller: For You, and the posts of a category.
import type { ExplorePage } from "../../operations";
import { button, element } from "../elements";
import { EndlessList, type Page } from "../endless-list";
import { freshnessLine, tellFreshness } from "../freshness";
import type { Snapshot, Surroundings } from "../list-view";
import { postCard } from "../post-card";
import { counted } from "../words";

type Edge = ExplorePage["edges"][number];

export interface ExploreList {
  readonly head: readonly HTMLElement[];
  readonly list: EndlessList<Edge>;
}

export function exploreList(
  label: string,
  load: (after: string | null, signal: AbortSignal) => Promise<ExplorePage>,
  surroundings: Surroundings,
  snapshot: unknown,
): ExploreList {
  const freshness = freshnessLine();
  const news = element("div", { class: "news" });
  const list = new EndlessList<Edge>({
    label,
    empty: "There is nothing to show yet. Come back in a moment.",
    key: ({ node }) => node.id,
    render: ({ node, impressionToken, why }) =>
      postCard(node, {
        impressions: surroundings.impressions,
        token: impressionToken,
        reasons: why.reasons,
      }),
    load: async (after, signal): Promise<Page<Edge>> => {
      const { edges, pageInfo, feed } = await load(after, signal);
      tellFreshness(freshness, feed);
      tellNews(news, feed.newPosts ?? 0, surroundings.renew);
      return { items: edges, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
    },
    restart: surroundings.renew,
    loaded: (snapshot as Snapshot<Edge> | undefined)?.loaded,
  });
  return { head: [freshness, news], list };
}

function tellNews(news: HTMLElement, count: number, renew: () => void): void {
  const words = `${counted(count, "newer post")}: back to the top`;
  news.replaceChildren(...(count > 0 ? [button(words, renew)] : []));
}
