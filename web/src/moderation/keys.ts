// Keys work wherever nobody is typing and no dialog is open.

export function keyFor(event: KeyboardEvent): string | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const target = event.target;
  if (target instanceof HTMLElement && target.matches("input, textarea, select")) return null;
  if (document.querySelector("dialog[open]")) return null;
  return event.key.length === 1 ? event.key.toLowerCase() : null;
}

export const KEYS: readonly (readonly [string, string])[] = [
  ["J, K", "the next case, the one before"],
  ["A", "approve"],
  ["R", "reject"],
  ["S", "shadow-ban: only its author sees it"],
  ["E", "escalate: somebody else decides"],
  ["U", "take back what was just decided, or any decision of people about this case"],
  ["1 to 4, Enter", "the reason, then decide"],
  ["V", "show or hide the pictures"],
  ["W", "why a reader is not shown it"],
  ["?", "this list"],
];
