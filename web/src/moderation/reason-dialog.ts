// Why: no decision without a reason. A digit takes a usual one, Enter decides, Escape does nothing.
import type { CaseCard } from "../operations";
import { button, element } from "../page/elements";
import { headline } from "./headline";
import type { Choice } from "./words";

export interface Given {
  readonly reason: string;
  readonly note: string | null;
}

export function askReason(choice: Choice, card: CaseCard): Promise<Given | null> {
  const reason = element("input", {
    id: "reason",
    name: "reason",
    required: true,
    maxlength: 1_000,
    autocomplete: "off",
    placeholder: "Why?",
  });
  const note = element("input", { id: "note", name: "note", maxlength: 1_000, autocomplete: "off" });
  const usual = choice.reasons.map((words, index) =>
    button(`${index + 1}  ${words}`, () => take(words), { class: "usual" }),
  );
  const form = element(
    "form",
    { method: "dialog" },
    element("h2", { id: "decide-title" }, `${choice.label}: ${headline(card)}`),
    element("div", { class: "usuals" }, ...usual),
    element("label", { for: "reason" }, "Reason, for the record"),
    reason,
    element("label", { for: "note" }, "Note for other moderators (may be empty)"),
    note,
    element(
      "div",
      { class: "row" },
      element("button", { class: `decide ${choice.decision.toLowerCase()}` }, choice.label),
      button("Cancel", () => dialog.close()),
    ),
  );
  const dialog = element("dialog", { class: "menu decision", "aria-labelledby": "decide-title" }, form);
  document.body.append(dialog);
  dialog.showModal();
  reason.focus();

  function take(words: string): void {
    reason.value = words;
    reason.focus();
  }

  return new Promise((resolve) => {
    let given: Given | null = null;
    reason.addEventListener("keydown", (event) => {
      const words = choice.reasons[Number(event.key) - 1];
      if (reason.value || !words) return;
      event.preventDefault();
      take(words);
    });
    form.addEventListener("submit", () => {
      given = { reason: reason.value, note: note.value || null };
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(given);
    });
  });
}
