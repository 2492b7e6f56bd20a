"""GraphQL types, inputs and payloads; root fields are in `resolvers`."""
