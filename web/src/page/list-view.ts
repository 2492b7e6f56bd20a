// A view whose main part is an endless list.
import type { EndlessList, Loaded } from "./endless-list";
import { element } from "./elements";
import type { Impressions } from "./impressions";
import type { Route } from "./routes";
import type { View } from "./view";

/** What views are given besides their route. */
export interface Surroundings {
  readonly impressions: Impressions;
  readonly go: (to: Route) => void;
  readonly renew: () => void; // build the present view anew
}

/** What a list view has left behind. */
export interface Snapshot<Item, About = unknown> {
  readonly loaded?: Loaded<Item>;
  readonly about?: About;
}

/** `about` is what stands above the list, where it came from the service. */
export function listView<Item>(
  name: string,
  head: readonly (Node | null)[],
  list: EndlessList<Item>,
  { impressions }: Surroundings,
  about: () => unknown = () => undefined,
): View {
  const whole = element("div", {}, ...head, list.element);
  return {
    title: name,
    element: whole,
    close: () => {
      impressions.forget(whole);
      list.close();
    },
    rememberPlace: () => list.rememberPlace(),
    restorePlace: () => list.restorePlace(),
    snapshot: () => ({ loaded: list.loaded(), about: about() }),
  };
}
