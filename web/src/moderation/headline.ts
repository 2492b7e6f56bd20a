// A case in a few words.
import type { CaseCard } from "../operations";

const LONGEST = 90;

export function headline({ post }: CaseCard): string {
  const text = (post.title || post.text).trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text || "(without words)";
}
