// From the root: eslint --no-config-lookup --config tests/suites/eslint.config.mjs schema/schema.graphql
// The rules of graphql-eslint for schemas and for Relay; what is switched off has its reason here.
import graphql from "@graphql-eslint/eslint-plugin";

// Nothing refetches these by id: they are parts of what has one, pages, answers, or the caller's own.
const VALUES = [
  "ContentSettings",
  "CreatorInterest",
  "ErasedStore",
  "FeedInfo",
  "HashtagInterest",
  "Interests",
  "Interstitial",
  "Media",
  "ModerationClaim",
  "ModerationEvent",
  "PageInfo",
  "PostCategory",
  "PostStats",
  "PostViewerState",
  "PostVisibility",
  "RateLimit",
  "Reason",
  "SafetyScores",
  "ScoreAdjustment",
  "ScoreExplanation",
  "ScoreTerm",
  "Suggestion",
  "TopicInterest",
  "TrendingUpdate",
  "UserError",
  "ViewerReport",
  "Why",
  "WhyNot",
  "WhyNotCheck",
];

export default [
  {
    files: ["**/*.graphql"],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: "schema/schema.graphql" } },
    },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...graphql.configs["flat/schema-recommended"].rules,
      ...graphql.configs["flat/schema-relay"].rules,
      // Lists are read forward only; `nodes` is a shortcut beside `edges`.
      "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
      "@graphql-eslint/relay-edge-types": ["error", { listTypeCanWrapOnlyEdgeType: false }],
      "@graphql-eslint/strict-id-in-types": [
        "error",
        { exceptions: { types: VALUES, suffixes: ["Connection", "Edge", "Payload"] } },
      ],
    },
  },
];
