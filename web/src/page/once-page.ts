// A view that is loaded in one go.
import { button, element } from "./elements";
import { inWords } from "./failure";
import { title } from "./title";
import { placeIn, type Place, returnTo } from "./place";
import type { View } from "./view";

/** `load` gives what stands below the heading; where it fails, people can try again. */
export function oncePage(
  name: string,
  load: (signal: AbortSignal) => Promise<readonly Node[]>,
): View {
  const end = new AbortController();
  const content = element("div", {});
  let place: Place | null = null;
  const fill = async () => {
    content.replaceChildren(element("p", { class: "loading" }, "Loading …"));
    try {
      content.replaceChildren(...(await load(end.signal)));
    } catch (error) {
      if (end.signal.aborted) return;
      const again = button("Try again", () => void fill());
      content.replaceChildren(element("p", { role: "alert" }, inWords(error)), again);
    }
  };
  void fill();
  return {
    title: name,
    element: element("div", {}, title(name), content),
    close: () => end.abort(),
    rememberPlace: () => {
      place = placeIn(content);
    },
    restorePlace: () => returnTo(content, place),
  };
}
