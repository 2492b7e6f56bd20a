// Matches of a search. The service escapes all but `<mark>`; here both become nodes, never HTML.
import { element } from "./elements";

const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
  "&#39;": "'",
  "&#x2F;": "/",
  "&amp;": "&",
};

/** Fragments joined by an ellipsis; null where there are none. */
export function highlighted(fragments: readonly string[]): Node | null {
  if (fragments.length === 0) return null;
  const whole = document.createDocumentFragment();
  fragments.forEach((fragment, index) => {
    if (index > 0) whole.append(" … ");
    whole.append(...parts(fragment));
  });
  return whole;
}

function parts(fragment: string): (Node | string)[] {
  return fragment
    .split(/(<mark>.*?<\/mark>)/s)
    .map((part) =>
      part.startsWith("<mark>")
        ? element("mark", {}, plain(part.slice("<mark>".length, -"</mark>".length)))
        : plain(part),
    );
}

function plain(text: string): string {
  return text.replace(/&(?:lt|gt|quot|#x27|#39|#x2F|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
