// What a moderator works at: the queue, the case in hand, and what was just decided.
import {
  type CaseCard,
  ClaimCase,
  ModerationCase,
  ModerationCounts,
  ModerationQueue,
  ReviewPost,
  WhyNot,
} from "../operations";
import { announce, tellFailure } from "../page/announce";
import { execute } from "../page/api";
import { element } from "../page/elements";
import { inWords } from "../page/failure";
import { caseView, emptyView } from "./case-view";
import { type Filter, Filters } from "./filters";
import { keyFor } from "./keys";
import { QueueList } from "./queue-list";
import { askReason } from "./reason-dialog";
import { showHelp } from "./help-dialog";
import { CHOICES, type Choice } from "./words";

const LONGEST = 50; // cases of the queue that are shown
const EVERY = 4_000; // milliseconds between two looks at the queue
const SOON = 1_000; // milliseconds, after a look that failed
const TOLERATED = 3; // looks that may fail in a row before anybody is told
const RENEW = 120_000; // milliseconds after which a claim is renewed

export class Desk {
  private readonly filters = new Filters((filter) => void this.turnTo(filter));
  private readonly list = new QueueList((id) => this.take(id));
  private readonly pane = element("section", { class: "case", "aria-label": "The case in hand" });
  private filter: Filter = this.filters.first;
  private inHand: CaseCard | null = null;
  private decided: CaseCard | null = null;
  private claimed: string | null = null;
  private claimedAt = 0;
  private timer = 0;
  private missed = 0;
  private isOpen = true;

  constructor(private readonly main: HTMLElement) {}

  open(): void {
    this.main.classList.add("desk");
    this.main.append(
      element("h1", { class: "visually-hidden" }, "Moderation"),
      this.filters.element,
      element("div", { class: "panes" }, this.list.element, this.pane),
    );
    document.addEventListener("keydown", this.onKey);
    void this.look();
  }

  close(): void {
    this.isOpen = false;
    clearTimeout(this.timer);
    document.removeEventListener("keydown", this.onKey);
  }

  private async turnTo(filter: Filter): Promise<void> {
    this.filter = filter;
    this.inHand = null;
    await this.look();
  }

  /** Bring queue and counts up to date, again and again. */
  private async look(): Promise<void> {
    clearTimeout(this.timer);
    const filter = this.filter;
    const [queue, counts] = await Promise.allSettled([
      execute(ModerationQueue, { first: LONGEST, filter: filter.variables }),
      execute(ModerationCounts, {}),
    ]);
    if (!this.isOpen || filter !== this.filter) return;
    if (counts.status === "fulfilled") this.filters.count(counts.value);
    if (queue.status === "fulfilled") {
      this.list.show(queue.value.moderationQueue.edges.map((edge) => edge.node));
      this.settle();
      this.missed = 0;
    } else if ((this.missed += 1) === TOLERATED) {
      tellFailure(inWords(queue.reason));
    }
    this.timer = window.setTimeout(() => void this.look(), this.missed > 0 ? SOON : EVERY);
  }

  /** Keep the case in hand while it is in the queue, else take the first; renew the claim. */
  private settle(): void {
    const wanted = this.inHand ?? this.list.cases[0];
    if (!wanted) {
      this.pane.replaceChildren(emptyView());
      return;
    }
    if (!this.inHand) this.take(wanted.post.id);
    else if (this.claimed === wanted.post.id && Date.now() - this.claimedAt > RENEW) void this.claim(wanted);
  }

  private take(postId: string): void {
    const found = this.list.cases.find((one) => one.post.id === postId);
    if (!found) return;
    if (this.claimed && this.claimed !== postId) void this.release(this.claimed);
    this.render(found);
    void this.claim(found);
  }

  private render(card: CaseCard): void {
    const isAnother = this.inHand?.post.id !== card.post.id;
    this.inHand = card;
    this.list.mark(card.post.id);
    this.pane.replaceChildren(
      caseView(card, { choose: (choice) => void this.choose(choice), explain: () => void this.explain() }),
    );
    if (isAnother) this.pane.scrollTop = 0;
  }

  private async claim(card: CaseCard): Promise<void> {
    try {
      const { claimCase } = await execute(ClaimCase, { input: { postId: card.post.id } });
      if (this.inHand?.post.id !== card.post.id) {
        if (claimCase.case) await this.release(card.post.id);
        return;
      }
      if (claimCase.case) {
        this.claimed = card.post.id;
        this.claimedAt = Date.now();
        return;
      }
      announce(claimCase.userErrors.map((error) => error.message).join(" "));
      const { node } = await execute(ModerationCase, { id: card.id });
      if (node && "post" in node && this.inHand?.post.id === card.post.id) this.render(node);
    } catch (error) {
      tellFailure(inWords(error));
    }
  }

  private async release(postId: string): Promise<void> {
    if (this.claimed === postId) this.claimed = null;
    await execute(ClaimCase, { input: { postId, release: true } }).catch(() => null);
  }

  private async choose(choice: Choice): Promise<void> {
    const card = choice.decision === "CLEAR" ? (this.decided ?? this.inHand) : this.inHand;
    if (!card) return;
    const given = await askReason(choice, card);
    if (!given) return;
    try {
      const input = { postId: card.post.id, decision: choice.decision, ...given };
      const { reviewPost } = await execute(ReviewPost, { input });
      if (!reviewPost.case) {
        tellFailure(reviewPost.userErrors.map((error) => error.message).join(" "));
        return;
      }
      this.decided = choice.decision === "CLEAR" ? null : reviewPost.case;
      this.claimed = null;
      announce(`${choice.done}. `, this.decided ? "Press U to take it back." : "");
      this.goOn(card.post.id);
    } catch (error) {
      tellFailure(inWords(error));
    }
  }

  /** From a case that is done to the next one. */
  private goOn(postId: string): void {
    const next = this.list.without(postId);
    this.inHand = null;
    if (next) this.take(next.post.id);
    this.list.focus();
    void this.look();
  }

  private async explain(): Promise<void> {
    if (!this.inHand) return;
    const place = this.pane.querySelector(".why-not");
    try {
      const { whyNot } = await execute(WhyNot, { postId: this.inHand.post.id });
      const checks = whyNot.checks.map((check) =>
        element("li", { class: check.passed ? "passed" : "failed" }, `${check.stage}: ${check.detail}`),
      );
      place?.replaceChildren(element("p", {}, whyNot.verdict), element("ol", {}, ...checks));
    } catch (error) {
      tellFailure(inWords(error));
    }
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const key = keyFor(event);
    if (!key) return;
    const choice = CHOICES.find((one) => one.key === key);
    if (choice) void this.choose(choice);
    else if (key === "j" || key === "k") this.step(key === "j" ? 1 : -1);
    else if (key === "v") this.pane.querySelector<HTMLElement>(".veil")?.click();
    else if (key === "w") this.unfold();
    else if (key === "?") showHelp();
    else return;
    event.preventDefault();
  };

  /** Opening asks why, by the same way as a click. */
  private unfold(): void {
    const details = this.pane.querySelector("details");
    if (details) details.open = !details.open;
  }

  private step(by: number): void {
    const other = this.list.beside(this.inHand?.post.id ?? null, by);
    if (!other) return;
    this.take(other.post.id);
    this.list.focus();
  }
}
