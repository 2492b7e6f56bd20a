// Addresses within this page. The service knows one path; what is shown stands in its query.
import type { SearchType, TrendingWindow } from "../operations";

export const WINDOWS: readonly TrendingWindow[] = ["HOUR", "DAY", "WEEK"];
export const SEARCH_TYPES: readonly SearchType[] = ["POSTS", "CREATORS", "HASHTAGS"];

export type Route =
  | { readonly view: "for-you" }
  | { readonly view: "trending"; readonly window: TrendingWindow; readonly region: string | null }
  | { readonly view: "categories" }
  | { readonly view: "category"; readonly slug: string }
  | { readonly view: "creators"; readonly category: string | null }
  | { readonly view: "creator"; readonly handle: string }
  | { readonly view: "hashtags"; readonly window: TrendingWindow }
  | { readonly view: "hashtag"; readonly name: string; readonly window: TrendingWindow }
  | { readonly view: "post"; readonly id: string }
  | { readonly view: "search"; readonly query: string; readonly type: SearchType }
  | { readonly view: "interests" }
  | { readonly view: "settings" };

export function address(route: Route): string {
  const { view, ...rest } = route;
  const given = Object.entries(rest).filter(([, value]) => value !== null);
  const query = new URLSearchParams([["view", view], ...(given as [string, string][])]);
  return view === "for-you" ? "/" : `/?${query.toString()}`;
}

/** What an address asks for; whatever makes no sense is For You. */
export function route(search: string): Route {
  const given = new URLSearchParams(search);
  const text = (name: string) => given.get(name) ?? "";
  const window = oneOf(WINDOWS, text("window"), "DAY");
  switch (text("view")) {
    case "trending":
      return { view: "trending", window, region: text("region") || null };
    case "hashtags":
      return { view: "hashtags", window };
    case "category":
      return { view: "category", slug: text("slug") };
    case "creator":
      return { view: "creator", handle: text("handle") };
    case "hashtag":
      return { view: "hashtag", name: text("name"), window };
    case "post":
      return { view: "post", id: text("id") };
    case "search":
      return {
        view: "search",
        query: text("query"),
        type: oneOf(SEARCH_TYPES, text("type"), "POSTS"),
      };
    case "categories":
      return { view: "categories" };
    case "creators":
      return { view: "creators", category: text("category") || null };
    case "interests":
      return { view: "interests" };
    case "settings":
      return { view: "settings" };
    default:
      return { view: "for-you" };
  }
}

function oneOf<Value extends string>(known: readonly Value[], text: string, other: Value): Value {
  return known.find((value) => value === text) ?? other;
}
