// A case: the post with its pictures veiled, what machines say, what people decided, what to do.
import type { CaseCard } from "../operations";
import { element, outwardLink } from "../page/elements";
import { ago, counted, moment } from "../page/words";
import { scoreBars } from "./scores";
import { veiledMedia } from "./veiled-media";
import { CHOICES, type Choice, choiceOf, REASONS, STATUSES } from "./words";

interface Acts {
  readonly choose: (choice: Choice) => void;
  readonly explain: () => void;
}

export function caseView(card: CaseCard, acts: Acts): HTMLElement {
  const { post } = card;
  const held = card.claim && !card.claim.isMine ? card.claim : null;
  return element(
    "article",
    { "aria-labelledby": "case-title", "data-post": post.id },
    held && element("p", { class: "held-note", role: "alert" }, `${held.moderator} is working on it.`),
    element(
      "header",
      {},
      element("h2", { id: "case-title" }, post.title || post.creator.displayName),
      element(
        "p",
        { class: "quiet byline" },
        element("span", {}, `${post.creator.displayName} (@${post.creator.handle})`),
        element("time", { datetime: post.createdAt, title: moment(post.createdAt) }, ago(post.createdAt)),
        post.language && element("span", {}, post.language),
        post.region && element("span", {}, post.region),
      ),
    ),
    element("p", { class: "words", dir: "auto" }, post.text),
    post.url && element("p", {}, outwardLink(post.url, post.url)),
    veiledMedia(post.media),
    element("p", { class: "quiet counts" }, countsOf(card)),
    element(
      "section",
      { class: "facts-of-case" },
      element(
        "div",
        {},
        element("h3", {}, "Machines say"),
        scoreBars(card.scores),
      ),
      element("div", {}, element("h3", {}, "So far"), ...standing(card), ...reported(card), history(card)),
    ),
    element(
      "details",
      { ontoggle: (event: Event) => (event.target as HTMLDetailsElement).open && acts.explain() },
      element("summary", {}, "Why a reader is not shown it (W)"),
      element("div", { class: "why-not" }),
    ),
    element("footer", { class: "decisions" }, ...CHOICES.map((choice) => decision(choice, acts, held !== null))),
  );
}

export function emptyView(): HTMLElement {
  return element(
    "div",
    { class: "nothing" },
    element("p", { class: "done-mark", "aria-hidden": "true" }, "✓"),
    element("h2", {}, "Nothing waits"),
    element("p", { class: "quiet" }, "New cases appear here by themselves."),
  );
}

function countsOf(card: CaseCard): string {
  const { likes, comments, reposts, views } = card.post.stats;
  const parts = [
    counted(likes, "like"),
    counted(comments, "comment"),
    counted(reposts, "repost"),
    counted(views, "view"),
  ];
  if (card.reports > 0) parts.push(counted(card.reports, "report"));
  if (card.wouldTrend) parts.push("would trend if approved");
  return parts.join(" · ");
}

function standing(card: CaseCard): HTMLElement[] {
  const expires = card.post.visibility?.expiresAt;
  const reasons = card.reasons.map((reason) => REASONS[reason]).join(", ");
  return [
    element(
      "p",
      {},
      element("strong", {}, STATUSES[card.status]),
      reasons ? ` for ${reasons}` : "",
      expires ? `, until ${moment(expires)}` : "",
    ),
  ];
}

function reported(card: CaseCard): HTMLElement[] {
  if (card.reported.length === 0) return [];
  const reports = card.reported.map((report) =>
    element(
      "li",
      {},
      element("strong", {}, `Reported as ${REASONS[report.reason]}`),
      ", ",
      element("time", { datetime: report.at, title: moment(report.at) }, ago(report.at)),
      report.note && element("p", { dir: "auto" }, report.note),
    ),
  );
  return [element("ul", { class: "history viewers-say" }, ...reports)];
}

function history(card: CaseCard): HTMLElement {
  if (card.history.length === 0) return element("p", { class: "quiet" }, "Nobody has decided yet.");
  const events = [...card.history].reverse().map((event) =>
    element(
      "li",
      {},
      element("strong", {}, choiceOf(event.decision)?.done ?? event.decision),
      ` by ${event.actor}, `,
      element("time", { datetime: event.at, title: moment(event.at) }, ago(event.at)),
      event.reason && element("p", {}, event.reason),
      event.note && element("p", { class: "quiet" }, event.note),
    ),
  );
  return element("ol", { class: "history" }, ...events);
}

function decision(choice: Choice, acts: Acts, isHeld: boolean): HTMLElement {
  return element(
    "button",
    {
      type: "button",
      class: `decide ${choice.decision.toLowerCase()}`,
      "aria-keyshortcuts": choice.key.toUpperCase(),
      disabled: isHeld,
      onclick: () => acts.choose(choice),
    },
    choice.label,
    element("kbd", { "aria-hidden": "true" }, choice.key.toUpperCase()),
  );
}
