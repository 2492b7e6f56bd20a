// From a route to its view.
import type { Surroundings } from "../list-view";
import type { Route } from "../routes";
import type { View } from "../view";
import { categories, category } from "./categories";
import { creator, creators } from "./creators";
import { forYou } from "./for-you";
import { hashtag, hashtags } from "./hashtags";
import { interests } from "./interests";
import { post } from "./post";
import { search } from "./search";
import { settings } from "./settings";
import { trending } from "./trending";

export function viewOf(route: Route, surroundings: Surroundings, snapshot: unknown): View {
  switch (route.view) {
    case "for-you":
      return forYou(surroundings, snapshot);
    case "trending":
      return trending(route, surroundings, snapshot);
    case "categories":
      return categories();
    case "category":
      return category(route, surroundings, snapshot);
    case "creators":
      return creators(route, surroundings, snapshot);
    case "creator":
      return creator(route, surroundings, snapshot);
    case "hashtags":
      return hashtags(route, surroundings, snapshot);
    case "hashtag":
      return hashtag(route, surroundings, snapshot);
    case "post":
      return post(route, surroundings);
    case "search":
      return search(route, surroundings, snapshot);
    case "interests":
      return interests();
    case "settings":
      return settings();
  }
}
