// Scores as bars with the band in which machines are unsure; no answer is told as none.
import type { CaseCard } from "../operations";
import { element } from "../page/elements";

type Scores = CaseCard["scores"];
const NAMES: readonly (readonly [keyof Scores, string, number])[] = [
  ["spam", "Spam", 0.8],
  ["toxicity", "Toxicity", 0.8],
  ["nsfw", "Sensitive", 0.7],
  ["bot", "Bot", 0.9],
];

export function worst(scores: Scores): number | null {
  const given = NAMES.map(([name]) => scores[name]).filter((score) => score !== null);
  return given.length > 0 ? Math.max(...given) : null;
}

export function scoreBars(scores: Scores): HTMLElement {
  const rows = NAMES.map(([name, words, limit]) => bar(words, scores[name], limit));
  rows.push(bar("Quality", scores.quality, null));
  return element("dl", { class: "scores" }, ...rows.flat());
}

function bar(words: string, score: number | null, limit: number | null): HTMLElement[] {
  const told = score === null ? "no answer" : score.toFixed(2);
  const kind = limit === null || score === null ? "" : score > limit ? "high" : score >= 0.5 ? "unsure" : "low";
  return [
    element("dt", {}, words),
    element(
      "dd",
      { class: kind },
      score === null
        ? element("span", { class: "none" })
        : element("meter", { min: 0, max: 1, value: score, "aria-label": words }),
      element("span", { class: "value" }, told),
    ),
  ];
}
