import type { CodegenConfig } from "@graphql-codegen/cli";
import { addTypenameSelectionDocumentTransform } from "@graphql-codegen/client-preset";

const config: CodegenConfig = {
  schema: "../../schema/schema.graphql",
  documents: "src/*.graphql",
  importExtension: ".js",
  generates: {
    "src/gql/": {
      preset: "client",
      // Each document carries the id of its text; the texts go to `src/gql/persisted-documents.json`.
      presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: "sha256" } },
      // urql's cache knows what a mutation changes by the types in an answer.
      documentTransforms: [addTypenameSelectionDocumentTransform],
      config: { enumsAsTypes: true, useTypeImports: true, scalars: { DateTime: "string", URL: "string" } },
    },
  },
};

export default config;
