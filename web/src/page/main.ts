// The explore page: puts its parts together and starts them.
import { announcementArea, silence } from "./announce";
import { applyLook } from "./appearance";
import { element } from "./elements";
import { listenToFeedKeys } from "./feed-keys";
import { Impressions } from "./impressions";
import { takeTokenFromAddress } from "./link-token";
import { Navigation } from "./navigation";
import { address, type Route } from "./routes";
import { SearchBox } from "./search-box";
import { onChange } from "./session";
import { showTitle } from "./title";
import { viewOf } from "./views";

const MENU: readonly (readonly [string, Route])[] = [
  ["For You", { view: "for-you" }],
  ["Trending", { view: "trending", window: "DAY", region: null }],
  ["Categories", { view: "categories" }],
  ["Creators", { view: "creators", category: null }],
  ["Hashtags", { view: "hashtags", window: "DAY" }],
  ["Interests", { view: "interests" }],
  ["Settings", { view: "settings" }],
];
const HOME: Readonly<Partial<Record<Route["view"], Route["view"]>>> = {
  category: "categories",
  creator: "creators",
  hashtag: "hashtags",
};

function start(): void {
  applyLook();
  takeTokenFromAddress();
  const impressions = new Impressions();
  const main = element("main", { id: "main", tabindex: -1 });
  const links = new Map(
    MENU.map(([words, to]) => [to.view, element("a", { href: address(to) }, words)]),
  );
  const navigation = new Navigation(
    main,
    (route, snapshot) => viewOf(route, surroundings, snapshot),
    (route, view) => {
      showTitle(view.title);
      silence();
      box.show(route);
      for (const [name, link] of links) {
        if (name === (HOME[route.view] ?? route.view)) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
    },
  );
  const surroundings = {
    impressions,
    go: (to: Route) => navigation.go(to),
    renew: () => navigation.renew(),
  };
  const box = new SearchBox(surroundings.go);

  document.body.replaceChildren(
    element("a", { href: "#main", class: "skip" }, "Skip to the posts"),
    element(
      "header",
      { class: "top" },
      element("a", { href: "/", class: "brand" }, "Explore"),
      box.element,
      element("nav", { "aria-label": "Main" }, ...links.values()),
    ),
    main,
    announcementArea(),
  );
  onChange(() => navigation.forgetAll());
  listenToFeedKeys(main);
  impressions.start();
  navigation.start();
}

start();
