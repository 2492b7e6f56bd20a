// The queue, most urgent first. Items stay the same elements while their cases stay.
import type { CaseCard } from "../operations";
import { element } from "../page/elements";
import { ago } from "../page/words";
import { headline } from "./headline";
import { worst } from "./scores";
import { REASONS } from "./words";

export class QueueList {
  readonly element = element("nav", { class: "queue", "aria-label": "The queue" });
  cases: readonly CaseCard[] = [];
  private readonly rows = element("ol", {});
  private current: string | null = null;

  constructor(private readonly choose: (postId: string) => void) {
    this.element.append(this.rows);
  }

  show(cases: readonly CaseCard[]): void {
    const hadFocus = this.rows.contains(document.activeElement);
    this.cases = cases;
    this.rows.replaceChildren(...cases.map((card) => this.row(card)));
    if (this.current) this.mark(this.current);
    if (hadFocus) this.focus();
  }

  mark(postId: string): void {
    this.current = postId;
    for (const row of this.rows.querySelectorAll<HTMLElement>("button")) {
      if (row.dataset.post === postId) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  focus(): void {
    const row = this.rows.querySelector<HTMLElement>("[aria-current]");
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }

  beside(postId: string | null, by: number): CaseCard | undefined {
    const place = this.cases.findIndex((card) => card.post.id === postId);
    return place < 0 ? this.cases[0] : this.cases[place + by];
  }

  /** Take a case out; the one that comes into its place. */
  without(postId: string): CaseCard | undefined {
    const place = this.cases.findIndex((card) => card.post.id === postId);
    this.show(this.cases.filter((card) => card.post.id !== postId));
    return this.cases[Math.min(Math.max(place, 0), this.cases.length - 1)];
  }

  private row(card: CaseCard): HTMLElement {
    const { post } = card;
    const score = worst(card.scores);
    const held = card.claim && !card.claim.isMine ? card.claim.moderator : null;
    const choose = () => this.choose(post.id);
    return element(
      "li",
      {},
      element(
        "button",
        { type: "button", "data-post": post.id, onclick: choose, class: held ? "held" : null },
        element("span", { class: "headline" }, headline(card)),
        element(
          "span",
          { class: "quiet facts" },
          `${post.creator.displayName} · ${ago(post.createdAt)}`,
          held ? ` · ${held} is on it` : "",
        ),
        element(
          "span",
          { class: "chips" },
          card.status === "ESCALATED" && chip("escalated", "escalated"),
          card.wouldTrend && chip("would trend", "trend"),
          card.reports > 0 && chip(`${card.reports} reports`, "reported"),
          ...card.reasons.filter((reason) => reason !== "REPORTED").map((reason) => chip(REASONS[reason], "")),
          score !== null && chip(score.toFixed(2), "score"),
        ),
      ),
    );
  }
}

function chip(words: string, kind: string): HTMLElement {
  return element("span", { class: `chip ${kind}` }, words);
}
