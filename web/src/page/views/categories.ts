// All categories, and the page of one.
import { Categories, CategoryPage } from "../../operations";
import { execute } from "../api";
import { element } from "../elements";
import { Failure } from "../failure";
import { listView, type Snapshot, type Surroundings } from "../list-view";
import { showTitle, title } from "../title";
import { oncePage } from "../once-page";
import { address, type Route } from "../routes";
import type { View } from "../view";
import { exploreList } from "./explore-list";

const MANY = 100;

export function categories(): View {
  return oncePage("Categories", async (signal) => {
    const { categories: found } = await execute(Categories, { first: MANY }, { signal });
    const cards = found.nodes.map(({ slug, name, description }) =>
      element(
        "li",
        { class: "card" },
        element("h2", {}, element("a", { href: address({ view: "category", slug }) }, name)),
        description && element("p", { class: "quiet" }, description),
      ),
    );
    return [element("ul", { class: "grid" }, ...cards)];
  });
}

interface About {
  readonly name: string;
  readonly description: string | null;
}

export function category(
  { slug }: Extract<Route, { view: "category" }>,
  surroundings: Surroundings,
  snapshot: unknown,
): View {
  const heading = title(slug);
  const description = element("p", { class: "quiet" });
  const creators = element(
    "a",
    { href: address({ view: "creators", category: slug }) },
    "Creators worth following for it",
  );
  let about = (snapshot as Snapshot<unknown, About> | undefined)?.about;
  const introduce = (found: About) => {
    about = { name: found.name, description: found.description };
    heading.textContent = found.name;
    if (heading.isConnected) showTitle(found.name);
    description.textContent = found.description;
  };
  if (about) introduce(about);
  const load = async (after: string | null, signal: AbortSignal) => {
    const { category: found } = await execute(CategoryPage, { slug, after }, { signal });
    if (!found) throw new Failure("NOT_FOUND");
    introduce(found);
    return found.posts;
  };
  const { head, list } = exploreList("Posts of the category", load, surroundings, snapshot);
  const above = [heading, description, element("p", {}, creators), ...head];
  const view = listView("Category", above, list, surroundings, () => about);
  return {
    ...view,
    get title() {
      return about?.name ?? "Category";
    },
  };
}
