// Trending: by window and region; its head follows the service's changes.
import { Trending } from "../../operations";
import { execute } from "../api";
import { choices, WINDOW_WORDS } from "../choices";
import { element } from "../elements";
import { listView, type Surroundings } from "../list-view";
import { title } from "../title";
import { LiveTrend } from "../live-trend";
import { type Route, WINDOWS } from "../routes";
import type { View } from "../view";
import { regionName } from "../words";
import { trendingList } from "./trending-list";

type Here = Extract<Route, { view: "trending" }>;
const REGIONS = ["AU", "BR", "CA", "DE", "ES", "FR", "GB", "IN", "JP", "MX", "NG", "US"];

export function trending(here: Here, surroundings: Surroundings, snapshot: unknown): View {
  const subject = { window: here.window, scope: here.region ? { region: here.region } : null };
  const { freshness, list } = trendingList(
    "Rising posts",
    async (after, signal) =>
      (await execute(Trending, { ...subject, after }, { signal })).trending,
    surroundings,
    snapshot,
  );
  const live = new LiveTrend(subject, list);
  const controls = element("div", { class: "row" }, regions(here, surroundings), live.controls);
  const head = [title("Trending"), windows(here), controls, freshness];
  const view = listView("Trending", head, list, surroundings);
  return {
    ...view,
    resume: () => live.start(),
    pause: () => live.stop(),
    close: () => {
      live.close();
      view.close?.();
    },
  };
}

function windows(here: Here): HTMLElement {
  return choices(
    "How far back",
    WINDOWS.map((window) => ({
      words: WINDOW_WORDS[window],
      to: { ...here, window },
      isHere: window === here.window,
    })),
  );
}

function regions(here: Here, { go }: Surroundings): HTMLElement {
  const known = [...new Set([...REGIONS, ...(here.region ? [here.region] : [])])];
  const select = element(
    "select",
    { onchange: () => go({ ...here, region: select.value || null }) },
    element("option", { value: "" }, "Worldwide"),
    ...known.map((code) =>
      element("option", { value: code, selected: code === here.region }, regionName(code)),
    ),
  );
  return element("label", {}, "Where ", select);
}
