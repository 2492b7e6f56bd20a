// The editor's workers, from our own files.

const FILES: Readonly<Record<string, string>> = {
  json: "json-worker.js",
  graphql: "graphql-worker.js",
};

export function installWorkers(): void {
  Object.assign(globalThis, {
    MonacoEnvironment: {
      getWorker: (_id: string, label: string) =>
        new Worker(`/assets/graphiql/${FILES[label] ?? "editor-worker.js"}`, { type: "module" }),
    },
  });
}
