// GraphiQL for this service: examples, a place for a token, subscriptions as server-sent events.
import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import { EXAMPLES } from "./examples";
import { subscription } from "./subscription";
import { token, tokenLine } from "./token";
import { installWorkers } from "./workers";

installWorkers();

const plain = createGraphiQLFetcher({ url: "/graphql" });
const fetcher: Fetcher = (parameters, options) => {
  const given = token();
  const headers = { ...options?.headers, ...(given ? { authorization: `Bearer ${given}` } : {}) };
  return isSubscription(parameters.query, parameters.operationName)
    ? subscription("/graphql", parameters, headers)
    : plain(parameters, { ...options, headers });
};

/** The operation that is run begins with the word; examples hold one operation each. */
function isSubscription(query: string, name: string | null | undefined): boolean {
  const pattern = name ? new RegExp(`\\bsubscription\\s+${name}\\b`) : /^\s*subscription\b/m;
  return pattern.test(query);
}

const place = document.getElementById("graphiql");
if (place) {
  place.before(tokenLine());
  createRoot(place).render(
    <GraphiQL
      fetcher={fetcher}
      defaultTabs={EXAMPLES.map(({ query, variables = null }) => ({ query, variables, headers: null }))}
      shouldPersistHeaders={false}
      isHeadersEditorEnabled={false}
    />,
  );
}
