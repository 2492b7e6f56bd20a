// A place in a list: an item and where it stood, which holds though heights above it change.

export interface Place {
  readonly index: number;
  readonly top: number; // pixels below the window's upper edge
}

/** The first item that is at least partly on screen; null at the top of the page. */
export function placeIn(list: HTMLElement): Place | null {
  if (window.scrollY === 0) return null;
  const items = [...list.children];
  const index = items.findIndex((item) => item.getBoundingClientRect().bottom > 0);
  const item = items[index];
  return item ? { index, top: item.getBoundingClientRect().top } : pastTheEnd(items);
}

export function returnTo(list: HTMLElement, place: Place | null): void {
  const item = place && list.children[place.index];
  if (item) window.scrollBy(0, item.getBoundingClientRect().top - place.top);
}

function pastTheEnd(items: readonly Element[]): Place | null {
  const last = items.at(-1);
  return last ? { index: items.length - 1, top: last.getBoundingClientRect().top } : null;
}
