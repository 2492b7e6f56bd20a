// Posts that rise, by rank.
import type { TrendingPage } from "../../operations";
import { element } from "../elements";
import { EndlessList, type Page } from "../endless-list";
import { freshnessLine, tellFreshness } from "../freshness";
import type { Snapshot, Surroundings } from "../list-view";
import { postCard } from "../post-card";

export type TrendingEdge = Omit<TrendingPage["edges"][number], "cursor">;

export interface TrendingList {
  readonly freshness: HTMLElement;
  readonly list: EndlessList<TrendingEdge>;
}

export function trendingList(
  label: string,
  load: (after: string | null, signal: AbortSignal) => Promise<TrendingPage>,
  surroundings: Surroundings,
  snapshot: unknown,
): TrendingList {
  const freshness = freshnessLine();
  const list = new EndlessList<TrendingEdge>({
    label,
    empty: "Nothing is rising here just now.",
    key: ({ node }) => node.id,
    render: (edge) => trendingCard(edge, surroundings),
    dropped: (card) => surroundings.impressions.forget(card),
    load: async (after, signal): Promise<Page<TrendingEdge>> => {
      const { edges, pageInfo, feed } = await load(after, signal);
      tellFreshness(freshness, feed);
      return { items: edges, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
    },
    restart: surroundings.renew,
    loaded: (snapshot as Snapshot<TrendingEdge> | undefined)?.loaded,
  });
  return { freshness, list };
}

function trendingCard(edge: TrendingEdge, { impressions }: Surroundings): HTMLElement {
  return postCard(edge.node, {
    impressions,
    token: edge.impressionToken,
    mark: rankMark(edge.rank, edge.rankChange),
  });
}

/** Say the rank anew on a card that changed its place. */
export function renewRank(card: HTMLElement, edge: TrendingEdge): void {
  card.querySelector(".rank")?.replaceWith(rankMark(edge.rank, edge.rankChange));
}

/** The rank, and how it has changed: in a sign for eyes, in words for ears. */
function rankMark(rank: number, change: number | null): HTMLElement {
  const steps = Math.abs(change ?? 0);
  const words = change === null ? "new" : change > 0 ? `up ${steps}` : `down ${steps}`;
  const sign = change === null ? "new" : change > 0 ? `▲${steps}` : `▼${steps}`;
  return element(
    "p",
    { class: "rank" },
    element("span", { class: "visually-hidden" }, "Rank "),
    String(rank),
    change === 0
      ? null
      : element(
          "span",
          { class: "change" },
          element("span", { "aria-hidden": "true" }, sign),
          element("span", { class: "visually-hidden" }, `, ${words}`),
        ),
  );
}
