// What can be done with a post, below it.
import type { PostCard } from "../operations";
import { announce } from "./announce";
import { button, element } from "./elements";
import { record } from "./interactions";
import type { Setting } from "./post-card";
import { address } from "./routes";
import { toggle } from "./toggle";
import { compact, counted } from "./words";

export function postActions(
  post: PostCard,
  setting: Setting,
  refuse: (opener: HTMLButtonElement) => void,
): HTMLElement {
  const target = { postId: post.id };
  const hadLiked = post.viewerState?.hasLiked ?? false;
  const others = post.stats.likes - Number(hadLiked);
  const like = toggle({
    label: (isOn) => `Like ${compact(others + Number(isOn))}`,
    action: "like",
    isOn: hadLiked,
    change: (isOn) => record(isOn ? "LIKE" : "UNLIKE", target, setting.token),
  });
  const save = toggle({
    label: () => "Save",
    action: "save",
    isOn: post.viewerState?.hasSaved ?? false,
    change: (isOn) => record(isOn ? "SAVE" : "UNSAVE", target, setting.token),
  });
  const share = button("Share", () => void sharePost(post, setting), { "data-action": "share" });
  const refusal = button("Not interested", () => refuse(refusal), {
    "data-action": "not-interested",
    "aria-haspopup": "dialog",
  });
  return element(
    "footer",
    {},
    element("p", { class: "quiet counts" }, counts(post)),
    element("div", { class: "actions" }, like, save, share, ...why(setting), refusal),
  );
}

function counts({ stats }: PostCard): string {
  return [
    counted(stats.comments, "comment"),
    counted(stats.reposts, "repost"),
    counted(stats.views, "view"),
  ].join(" · ");
}

/** A button and what it opens: why the post is here. */
function why({ reasons = [] }: Setting): HTMLElement[] {
  if (reasons.length === 0) return [];
  const answer = element(
    "div",
    { class: "why", hidden: true },
    element("p", {}, "You see this because:"),
    element("ul", {}, ...reasons.map(({ message }) => element("li", {}, message))),
    element("p", { class: "quiet" }, element("a", { href: address({ view: "interests" }) }, "Change your interests")),
  );
  const opener = button(
    "Why this?",
    () => {
      answer.hidden = !answer.hidden;
      opener.setAttribute("aria-expanded", String(!answer.hidden));
    },
    { "aria-expanded": "false", "data-action": "why" },
  );
  return [opener, answer];
}

async function sharePost(post: PostCard, setting: Setting): Promise<void> {
  const url = post.url ?? new URL(address({ view: "post", id: post.id }), location.href).href;
  try {
    if ("share" in navigator) await navigator.share({ title: post.title ?? "", url });
    else await (navigator as Navigator).clipboard.writeText(url);
  } catch {
    return; // people may think better of it
  }
  announce("The address of the post is ready to be passed on.");
  await record("SHARE", { postId: post.id }, setting.token);
}
