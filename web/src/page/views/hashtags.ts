// Hashtags that rise, and the page of one.
import {
  HashtagPage,
  TrendingHashtags,
  type TrendingHashtagsData,
} from "../../operations";
import { execute } from "../api";
import { choices, WINDOW_WORDS } from "../choices";
import { element } from "../elements";
import { EndlessList, type Page } from "../endless-list";
import { Failure } from "../failure";
import { record } from "../interactions";
import { listView, type Snapshot, type Surroundings } from "../list-view";
import { title } from "../title";
import { address, type Route, WINDOWS } from "../routes";
import { toggle } from "../toggle";
import type { View } from "../view";
import { compact, counted } from "../words";
import { trendingList } from "./trending-list";

type Rising = TrendingHashtagsData["trendingHashtags"]["edges"][number];

export function hashtags(
  here: Extract<Route, { view: "hashtags" }>,
  surroundings: Surroundings,
  snapshot: unknown,
): View {
  const list = new EndlessList<Rising>({
    label: "Rising hashtags",
    empty: "No hashtag rises above its usual just now.",
    key: ({ node }) => node.id,
    render: hashtagCard,
    load: async (after, signal): Promise<Page<Rising>> => {
      const given = { window: here.window, after };
      const found = (await execute(TrendingHashtags, given, { signal })).trendingHashtags;
      return { items: found.edges, next: found.pageInfo.hasNextPage ? found.pageInfo.endCursor : null };
    },
    restart: surroundings.renew,
    loaded: (snapshot as Snapshot<Rising> | undefined)?.loaded,
  });
  return listView("Hashtags", [title("Hashtags on the rise"), windows(here)], list, surroundings);
}

export function hashtag(
  here: Extract<Route, { view: "hashtag" }>,
  surroundings: Surroundings,
  snapshot: unknown,
): View {
  const { name, window } = here;
  const { freshness, list } = trendingList(
    `Posts with #${name}`,
    async (after, signal) => {
      const given = { name, window, after };
      const { hashtag: found } = await execute(HashtagPage, given, { signal });
      if (!found) throw new Failure("NOT_FOUND");
      return found.posts;
    },
    surroundings,
    snapshot,
  );
  const follow = toggle({
    label: () => "Follow",
    action: "follow",
    isOn: false,
    change: (isOn) => record(isOn ? "HASHTAG_FOLLOW" : "HASHTAG_UNFOLLOW", { hashtag: name }),
  });
  const above = [title(`#${name}`), element("p", {}, follow), windows(here), freshness];
  return listView(`#${name}`, above, list, surroundings);
}

function hashtagCard({ node, rank, people, lift }: Rising): HTMLElement {
  const facts = [
    counted(people, "person", "people"),
    counted(node.postCount, "post"),
    `${compact(lift)}× its usual`,
  ];
  const home = address({ view: "hashtag", name: node.name, window: "DAY" });
  return element(
    "article",
    { class: "card ranked", "aria-label": `#${node.name}` },
    element("p", { class: "rank" }, String(rank)),
    element("h2", {}, element("a", { href: home }, `#${node.name}`)),
    element("p", { class: "quiet" }, facts.join(" · ")),
  );
}

function windows(here: Extract<Route, { view: "hashtags" | "hashtag" }>): HTMLElement {
  return choices(
    "How far back",
    WINDOWS.map((window) => ({
      words: WINDOW_WORDS[window],
      to: { ...here, window },
      isHere: window === here.window,
    })),
  );
}
