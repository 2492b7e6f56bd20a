// Keys within a feed (ARIA's feed pattern): from post to post, and what the shown letters do.
// They work only while a post has the focus, so that they get in nobody's way.

const STEPS: Readonly<Record<string, number>> = { PageDown: 1, j: 1, PageUp: -1, k: -1 };
const ACTIONS: Readonly<Record<string, string>> = {
  l: "like",
  s: "save",
  w: "why",
  x: "not-interested",
};

export function listenToFeedKeys(main: HTMLElement): void {
  main.addEventListener("keydown", (event) => {
    const target = event.target;
    if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = target.matches("input, textarea, select");
    const post = target.closest<HTMLElement>("[role=feed] > *");
    if (!post || isTyping) return;
    const step = STEPS[event.key];
    const action = ACTIONS[event.key];
    if (step !== undefined) focusOn(post, step);
    else if (action) post.querySelector<HTMLElement>(`[data-action=${action}]`)?.click();
    else return;
    event.preventDefault();
  });
}

function focusOn(post: HTMLElement, step: number): void {
  const other = step > 0 ? post.nextElementSibling : post.previousElementSibling;
  if (!(other instanceof HTMLElement)) return;
  post.tabIndex = -1;
  other.tabIndex = 0;
  other.focus();
  other.scrollIntoView({ block: "start" });
}
