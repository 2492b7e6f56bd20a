// A post and what is like it.
import { PostPage } from "../../operations";
import { execute } from "../api";
import { element } from "../elements";
import { Failure } from "../failure";
import type { Surroundings } from "../list-view";
import { oncePage } from "../once-page";
import { postCard } from "../post-card";
import type { Route } from "../routes";
import type { View } from "../view";

export function post(
  { id }: Extract<Route, { view: "post" }>,
  { impressions }: Surroundings,
): View {
  const setting = { impressions, token: null };
  const view = oncePage("Post", async (signal) => {
    const { node } = await execute(PostPage, { id }, { signal });
    if (node?.__typename !== "Post") throw new Failure("NOT_FOUND");
    const related = node.related.nodes.map((one) => postCard(one, setting));
    if (related.length === 0) return [postCard(node, setting)];
    return [
      postCard(node, setting),
      element("h2", { class: "section" }, "Posts like it"),
      element("section", { "aria-label": "Posts like it" }, ...related),
    ];
  });
  return {
    ...view,
    close: () => {
      impressions.forget(view.element);
      view.close?.();
    },
  };
}
