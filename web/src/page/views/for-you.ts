// For You: what the caller may like best.
import { Explore } from "../../operations";
import { execute } from "../api";
import { listView, type Surroundings } from "../list-view";
import { title } from "../title";
import type { View } from "../view";
import { exploreList } from "./explore-list";

export function forYou(surroundings: Surroundings, snapshot: unknown): View {
  const load = async (after: string | null, signal: AbortSignal) =>
    (await execute(Explore, { after }, { signal })).explore;
  const { head, list } = exploreList("Posts for you", load, surroundings, snapshot);
  return listView("For You", [title("For You"), ...head], list, surroundings);
}
