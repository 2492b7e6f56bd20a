// GraphiQL for this service: examples, a place for a token, subscriptions as server-sent events.
import { createGraphiQLFetcher, type Fetcher, type FetcherParams } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { getOperationAST, type OperationDefinitionNode, parse } from "graphql";
import { createRoot } from "react-dom/client";
import { takeTokenFromAddress } from "../page/link-token";
import { EXAMPLES } from "./examples";
import { subscription } from "./subscription";
import { token, tokenLine } from "./token";
import { installWorkers } from "./workers";

takeTokenFromAddress();
installWorkers();

const plain = createGraphiQLFetcher({ url: "/graphql" });
const fetcher: Fetcher = (given, options) => {
  const operation = operationOf(given);
  const parameters = { ...given, operationName: operation?.name?.value ?? null };
  const bearer = token();
  const headers = { ...options?.headers, ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) };
  return operation?.operation === "subscription"
    ? subscription("/graphql", parameters, headers)
    : plain(parameters, { ...options, headers });
};

/** What is run: just after a change of tabs GraphiQL may still name an operation of the last. */
function operationOf({ query, operationName }: FetcherParams): OperationDefinitionNode | null {
  try {
    const document = parse(query);
    return getOperationAST(document, operationName) ?? getOperationAST(document) ?? null;
  } catch {
    return null; // the service says what is wrong with it
  }
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
