// Operations to begin with: the explore page's own, and one that shows why and at what price.
import CreatorPage from "../../../operations/CreatorPage.graphql";
import Explore from "../../../operations/Explore.graphql";
import Search from "../../../operations/Search.graphql";
import Trending from "../../../operations/Trending.graphql";
import TrendingUpdates from "../../../operations/TrendingUpdates.graphql";
import Viewer from "../../../operations/Viewer.graphql";

export interface Example {
  readonly query: string;
  readonly variables?: string;
}

const WELCOME = `# Explore: what is worth a look, ranked for the caller.
#
# Ctrl-Enter runs the operation under the cursor, Ctrl-Space completes, the book on the left holds
# the documentation. The other tabs hold examples; the buttons above make you somebody.

query Welcome {
  explore(first: 3) {
    nodes {
      title
      text
      creator {
        displayName
      }
    }
    edges {
      source
      why {
        reasons {
          message
        }
      }
    }
    feed {
      freshness
      degradedSources
    }
  }
  rateLimit {
    cost
    remaining
  }
}
`;

export const EXAMPLES: readonly Example[] = [
  { query: WELCOME },
  { query: Explore, variables: variables({ first: 5 }) },
  { query: Trending, variables: variables({ first: 5, window: "DAY", scope: { region: "DE" } }) },
  { query: TrendingUpdates, variables: variables({ first: 5, window: "HOUR" }) },
  { query: Search, variables: variables({ query: "coffee", type: "POSTS", first: 5 }) },
  { query: CreatorPage, variables: variables({ handle: "quiet.workshop", first: 5 }) },
  { query: Viewer },
];

function variables(given: unknown): string {
  return JSON.stringify(given, null, 2);
}
