// "Not interested": what about the post is not wanted, or what is wrong with it.
import {
  MarkNotInterested,
  type NotInterestedReason,
  type PostCard,
  ReportPost,
  type SafetyReason,
} from "../operations";
import { announce } from "./announce";
import { execute } from "./api";
import { button, element } from "./elements";
import { attempt } from "./interactions";
import type { Setting } from "./post-card";

const WRONG: readonly (readonly [SafetyReason, string])[] = [
  ["SPAM", "Spam"],
  ["NSFW", "Not for every eye"],
  ["TOXICITY", "Insults or threatens"],
  ["BOT", "A machine posing as a person"],
  ["POLICY", "Against the rules"],
];

export function notInterested(
  post: PostCard,
  setting: Setting,
  card: HTMLElement,
  opener: HTMLElement,
): void {
  const dialog = element("dialog", { "aria-label": "Not interested", class: "menu" });
  const close = () => {
    dialog.remove();
    opener.focus();
  };
  const choose = (because: NotInterestedReason) => {
    dialog.remove();
    void refuse(post, setting, card, because);
  };
  dialog.append(
    element("h2", {}, "What do you not want?"),
    ...reasons(post).map(([because, words]) => button(words, () => choose(because))),
    element("h2", {}, "Is something wrong with it?"),
    ...WRONG.map(([reason, words]) =>
      button(words, () => {
        dialog.remove();
        void report(post, card, reason);
      }),
    ),
    button("Cancel", close, { class: "plain" }),
  );
  dialog.addEventListener("close", close);
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  document.body.append(dialog);
  dialog.showModal();
}

function reasons(post: PostCard): (readonly [NotInterestedReason, string])[] {
  const topic = post.categories[0]?.category.name;
  const tags = post.hashtags.map(({ name }) => `#${name}`).join(" ");
  return [
    ["POST", "This post"],
    ["CREATOR", `Posts of ${post.creator.displayName}`],
    ["TOPIC", topic ? `Posts about ${topic}` : "Its topic"],
    ["HASHTAGS", tags ? `Posts with ${tags}` : "Its hashtags"],
    ["SEEN_BEFORE", "I have seen it before"],
  ];
}

async function refuse(
  post: PostCard,
  { token }: Setting,
  card: HTMLElement,
  because: NotInterestedReason,
): Promise<void> {
  let effects: readonly string[] = [];
  const done = await attempt(async () => {
    const input = { postId: post.id, because, ...(token ? { impressionToken: token } : {}) };
    const { markNotInterested } = await execute(MarkNotInterested, { input });
    effects = markNotInterested.effects;
    return markNotInterested.userErrors;
  });
  if (done) takeAway(card, effects.join(" ") || "You will see less of this.");
}

async function report(post: PostCard, card: HTMLElement, reason: SafetyReason): Promise<void> {
  const done = await attempt(async () => {
    const { reportPost } = await execute(ReportPost, { input: { postId: post.id, reason } });
    return reportPost.userErrors;
  });
  if (done) takeAway(card, "Thank you: the moderators will look at it.");
}

/** A line stays in the post's place, so that nothing jumps and the focus has somewhere to be. */
function takeAway(card: HTMLElement, words: string): void {
  card.replaceChildren(element("p", { class: "quiet" }, words));
  card.classList.add("away");
  card.tabIndex = 0;
  card.focus();
  announce(words);
}
