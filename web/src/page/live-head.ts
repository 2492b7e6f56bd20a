// The head of a trending list after a change: pure, edges in, edges out.
import type { Update } from "./live-updates";
import type { TrendingEdge } from "./views/trending-list";

/** Edges by rank. A reset takes the place of all; other changes are applied to what is held. */
export function changedHead(
  held: readonly TrendingEdge[],
  update: Update,
): readonly TrendingEdge[] {
  const edges = new Map<string, TrendingEdge>();
  if (!update.reset) for (const edge of held) edges.set(edge.node.id, edge);
  for (const id of update.left) edges.delete(id);
  for (const { id, from, to } of update.moved) {
    const edge = edges.get(id);
    if (edge) edges.set(id, { ...edge, rank: to, rankChange: from - to });
  }
  for (const edge of update.entered) edges.set(edge.node.id, edge);
  return [...edges.values()].sort((a, b) => a.rank - b.rank);
}
