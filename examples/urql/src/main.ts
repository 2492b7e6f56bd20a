// Pages through For You, likes its first post, follows what is trending.
import { connect } from "./client.js";
import {
  ExplorePageDocument,
  type ExplorePageQuery,
  LikeDocument,
  LiveTrendingDocument,
  type PostLineFragment,
} from "./gql/graphql.js";

const PAGES = 3;
const UPDATES = Number(process.env["EXPLORE_UPDATES"] ?? 5);

const client = connect(
  process.env["EXPLORE_URL"] ?? "http://127.0.0.1:8000/graphql",
  process.env["EXPLORE_TOKEN"] ?? "",
);

let after: string | null = null;
let liked: { post: string; token: string } | undefined;
for (let page = 1; page <= PAGES; page += 1) {
  const { edges, pageInfo } = await explore(after);
  for (const { position, node, impressionToken, why } of edges) {
    console.log(`${position + 1}. ${line(node)} (${why.reasons.map((reason) => reason.message).join("; ")})`);
    liked ??= { post: node.id, token: impressionToken };
  }
  after = pageInfo.endCursor;
  if (!pageInfo.hasNextPage) break;
}

if (process.env["EXPLORE_TOKEN"] && liked) {
  const { data, error } = await client.mutation(LikeDocument, liked);
  if (error) throw error;
  // Mistakes are data: `userErrors` is empty where all went well.
  const mistakes = data?.trackInteraction.userErrors.map((mistake) => mistake.message) ?? [];
  console.log(mistakes.length ? mistakes.join("; ") : `liked: ${data?.trackInteraction.recorded}`);
}

let updates = 0;
const live = client.subscription(LiveTrendingDocument, {}).subscribe(({ data, error }) => {
  if (error) {
    console.error(error);
    process.exitCode = 1;
    live.unsubscribe();
  }
  if (!data) return;
  const { version, reset, entered, moved, left } = data.trendingUpdates;
  console.log(`${reset ? "trending" : "changed"} ${version}: ${entered.length} in, ${moved.length} moved, ${left.length} out`);
  for (const { rank, node } of entered.slice(0, 3)) console.log(`  #${rank} ${line(node)}`);
  updates += 1;
  if (updates === UPDATES) live.unsubscribe();
});

async function explore(after: string | null): Promise<ExplorePageQuery["explore"]> {
  const { data, error } = await client.query(ExplorePageDocument, { after });
  if (!data) throw error;
  return data.explore;
}

function line({ title, text, creator }: PostLineFragment): string {
  return `${(title ?? text).slice(0, 60)} by ${creator.displayName}`;
}
