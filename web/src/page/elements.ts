// Elements without a framework. Text goes in as text nodes only: nothing is ever parsed as HTML.

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | EventListener | null | undefined>;

/** An element; `on...` attributes are listeners, `true` is an empty attribute, null and false none. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(key, String(value));
    }
  }
  made.append(...present(children));
  return made;
}

export function present(children: readonly Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => Boolean(child));
}

/** A button that does something on this page. */
export function button(
  label: string,
  onclick: () => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  return element("button", { type: "button", onclick, ...attributes }, label);
}

/** A link to a page elsewhere: it learns nothing of us, and gets no hold of this window. */
export function outwardLink(url: string, ...children: readonly Child[]): HTMLElement {
  const isWeb = /^https?:\/\//i.test(url);
  if (!isWeb) return element("span", {}, ...children);
  return element(
    "a",
    { href: url, target: "_blank", rel: "noopener noreferrer nofollow" },
    ...children,
  );
}
