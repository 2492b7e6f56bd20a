// Pages through For You, likes its first post, follows what is trending.
import { commitMutation, createOperationDescriptor, fetchQuery, getRequest, graphql, requestSubscription } from "relay-runtime";
import type { mainExploreQuery, mainExploreQuery$data } from "./__generated__/mainExploreQuery.graphql";
import type { mainLikeMutation } from "./__generated__/mainLikeMutation.graphql";
import type { mainTrendingSubscription } from "./__generated__/mainTrendingSubscription.graphql";
import { connect } from "./environment.js";

const PAGES = 3;
const UPDATES = Number(process.env["EXPLORE_UPDATES"] ?? 5);

const EXPLORE = graphql`
  query mainExploreQuery($first: Int = 5, $after: String) {
    explore(first: $first, after: $after) @connection(key: "main_explore") {
      edges {
        position
        impressionToken
        why {
          reasons {
            message
          }
        }
        node {
          id
          title
          text
          creator {
            displayName
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

const LIKE = graphql`
  mutation mainLikeMutation($post: ID!, $token: String!) {
    trackInteraction(input: { target: { postId: $post }, action: LIKE, impressionToken: $token }) {
      recorded
      userErrors {
        message
      }
    }
  }
`;

const TRENDING = graphql`
  subscription mainTrendingSubscription($since: Int) {
    trendingUpdates(window: HOUR, first: 20, since: $since) {
      version
      reset
      entered {
        rank
        node {
          id
          title
          text
          creator {
            displayName
          }
        }
      }
      moved {
        id
        from
        to
      }
      left
    }
  }
`;

const { environment, close } = connect(
  process.env["EXPLORE_URL"] ?? "http://127.0.0.1:8000/graphql",
  process.env["EXPLORE_TOKEN"] ?? "",
);

let after: string | null = null;
for (let page = 1; page <= PAGES; page += 1) {
  after = await nextPage(after);
  if (after === null) break;
}
// Relay's connection handler has put the pages together.
const { edges } = everythingLoaded();
for (const { position, node, why } of edges) {
  console.log(`${position + 1}. ${line(node)} (${why.reasons.map((reason) => reason.message).join("; ")})`);
}

const first = edges[0];
if (process.env["EXPLORE_TOKEN"] && first) await like(first.node.id, first.impressionToken);

let updates = 0;
const live = requestSubscription<mainTrendingSubscription>(environment, {
  subscription: TRENDING,
  variables: {},
  onNext(data) {
    if (!data) return;
    const { version, reset, entered, moved, left } = data.trendingUpdates;
    console.log(`${reset ? "trending" : "changed"} ${version}: ${entered.length} in, ${moved.length} moved, ${left.length} out`);
    for (const { rank, node } of entered.slice(0, 3)) console.log(`  #${rank} ${line(node)}`);
    updates += 1;
    if (updates === UPDATES) end();
  },
  onError(failure) {
    console.error(failure);
    process.exitCode = 1;
    end();
  },
});

function end(): void {
  live.dispose();
  close();
}

/** Load a page; the cursor of the next one, null at the end. */
async function nextPage(after: string | null): Promise<string | null> {
  const data = await fetchQuery<mainExploreQuery>(environment, EXPLORE, { after }).toPromise();
  if (!data) throw new Error("there is no page");
  const { hasNextPage, endCursor } = data.explore.pageInfo;
  return hasNextPage && endCursor ? endCursor : null;
}

function everythingLoaded(): mainExploreQuery$data["explore"] {
  const operation = createOperationDescriptor(getRequest(EXPLORE), {});
  return (environment.lookup(operation.fragment).data as mainExploreQuery$data).explore;
}

function like(post: string, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    commitMutation<mainLikeMutation>(environment, {
      mutation: LIKE,
      variables: { post, token },
      onCompleted({ trackInteraction: { recorded, userErrors } }) {
        // Mistakes are data: `userErrors` is empty where all went well.
        console.log(userErrors.map((mistake) => mistake.message).join("; ") || `liked: ${recorded}`);
        resolve();
      },
      onError: reject,
    });
  });
}

function line({ title, text, creator }: mainExploreQuery$data["explore"]["edges"][number]["node"]): string {
  return `${(title ?? text).slice(0, 60)} by ${creator.displayName}`;
}
