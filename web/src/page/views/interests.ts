// One's interests: what the service believes, open to be changed.
import {
  Categories,
  type CategoriesData,
  type InterestChange,
  type InterestsCard,
  type InterestState,
  type InterestTarget,
  ResetInterests,
  SetOnboardingCategories,
  UpdateInterest,
  Viewer,
} from "../../operations";
import { announce } from "../announce";
import { execute } from "../api";
import { button, element } from "../elements";
import { attempt } from "../interactions";
import { oncePage } from "../once-page";
import { isSignedIn } from "../session";
import { signInForm } from "../sign-in";
import type { View } from "../view";

interface Interest {
  readonly name: string;
  readonly target: InterestTarget;
  readonly strength: number;
  readonly state: InterestState;
}

const STATES: Readonly<Record<InterestState, string>> = {
  LEARNED: "learned from what you did",
  CHOSEN: "chosen by you",
  PINNED: "pinned",
  MUTED: "muted: not shown",
};
const MATURITY: Readonly<Record<InterestsCard["maturity"], string>> = {
  COLD: "Little is known of your taste yet.",
  WARMING: "Your taste begins to show.",
  ESTABLISHED: "Your taste is well known.",
};

export function interests(): View {
  return oncePage("Your interests", async (signal) => {
    if (!isSignedIn()) return [element("p", {}, "Interests belong to people who are signed in."), signInForm()];
    const [{ viewer }, { categories }] = await Promise.all([
      execute(Viewer, {}, { signal }),
      execute(Categories, { first: 100 }, { signal }),
    ]);
    const whole = element("div", {});
    const show = (card: InterestsCard) => whole.replaceChildren(...parts(card, categories.nodes, show));
    if (viewer) show(viewer.interests);
    return [whole];
  });
}

type Show = (card: InterestsCard) => void;

function parts(
  card: InterestsCard,
  categories: CategoriesData["categories"]["nodes"],
  show: Show,
): Node[] {
  return [
    element("p", {}, MATURITY[card.maturity]),
    group("Topics", topics(card), show),
    group("Creators", people(card), show),
    group("Hashtags", hashtags(card), show),
    startingTopics(card, categories, show),
    element("h2", { class: "section" }, "Begin anew"),
    element("p", { class: "quiet" }, "Forget everything learned about your taste; mutes and settings stay."),
    reset(show),
  ];
}

function topics({ topics: all }: InterestsCard): Interest[] {
  return all.map(({ category: { slug, name }, ...rest }) => ({ ...rest, name, target: { category: slug } }));
}

function people({ creators: all }: InterestsCard): Interest[] {
  return all.map(({ creator: { id, displayName }, ...rest }) => ({
    ...rest,
    name: displayName,
    target: { creatorId: id },
  }));
}

function hashtags({ hashtags: all }: InterestsCard): Interest[] {
  return all.map(({ hashtag: { name }, ...rest }) => ({ ...rest, name: `#${name}`, target: { hashtag: name } }));
}

function group(name: string, all: readonly Interest[], show: Show): HTMLElement {
  const content =
    all.length > 0
      ? element("ul", { class: "interests" }, ...all.map((one) => row(one, show)))
      : element("p", { class: "quiet" }, "None yet.");
  return element("section", {}, element("h2", { class: "section" }, name), content);
}

function row({ name, target, strength, state }: Interest, show: Show): HTMLElement {
  const change = (words: string, kind: InterestChange) =>
    button(words, () => void update(target, kind, show), { "aria-label": `${words} ${name}` });
  return element(
    "li",
    {},
    element("span", { class: "name" }, name),
    element("meter", { min: -1, max: 1, low: 0, value: strength, "aria-label": `Strength of ${name}` }, strength.toFixed(2)),
    element("span", { class: "quiet" }, STATES[state]),
    element(
      "span",
      { class: "actions" },
      state === "PINNED" ? null : change("Pin", "PIN"),
      state === "MUTED" ? null : change("Mute", "MUTE"),
      change("Forget", "FORGET"),
    ),
  );
}

async function update(target: InterestTarget, change: InterestChange, show: Show): Promise<void> {
  await attempt(async () => {
    const { updateInterest } = await execute(UpdateInterest, { input: { target, change } });
    if (updateInterest.interests) show(updateInterest.interests);
    return updateInterest.userErrors;
  });
}

function startingTopics(
  card: InterestsCard,
  categories: CategoriesData["categories"]["nodes"],
  show: Show,
): HTMLElement {
  const chosen = new Set(card.topics.filter(({ state }) => state === "CHOSEN").map(({ category }) => category.slug));
  const form = element(
    "form",
    { class: "topics" },
    element(
      "fieldset",
      {},
      element("legend", {}, "Starting topics"),
      ...categories.map(({ slug, name }) =>
        element("label", {}, element("input", { type: "checkbox", name: "slug", value: slug, checked: chosen.has(slug) }), ` ${name}`),
      ),
    ),
    element("button", {}, "Save starting topics"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const slugs = new FormData(form).getAll("slug").map(String);
    void attempt(async () => {
      const answer = (await execute(SetOnboardingCategories, { input: { slugs } })).setOnboardingCategories;
      if (answer.interests) show(answer.interests);
      if (answer.userErrors.length === 0) announce("Your starting topics are saved.");
      return answer.userErrors;
    });
  });
  return form;
}

function reset(show: Show): HTMLElement {
  return button("Forget what was learned", () => {
    if (!window.confirm("Forget everything learned about your taste?")) return;
    void attempt(async () => {
      const { resetInterests } = await execute(ResetInterests, { input: {} });
      if (resetInterests.interests) show(resetInterests.interests);
      return resetInterests.userErrors;
    });
  });
}
