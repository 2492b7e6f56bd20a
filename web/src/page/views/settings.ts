// Settings: signing in, what to see, how the page looks, and being forgotten.
import { EraseMyData, UpdateContentSettings, Viewer, type ViewerData } from "../../operations";
import { announce } from "../announce";
import { execute } from "../api";
import { LOOKS, look, type Look, setLook } from "../appearance";
import { element } from "../elements";
import { attempt } from "../interactions";
import { oncePage } from "../once-page";
import { isSignedIn } from "../session";
import { signInForm } from "../sign-in";
import type { View } from "../view";

type ContentSettings = NonNullable<ViewerData["viewer"]>["settings"];

export function settings(): View {
  return oncePage("Settings", async (signal) => {
    const shown = [signInForm(), appearance()];
    if (!isSignedIn()) return shown;
    const { viewer } = await execute(Viewer, {}, { signal });
    return viewer ? [...shown, contentSettings(viewer.settings), erasure()] : shown;
  });
}

function appearance(): HTMLElement {
  const select = element(
    "select",
    { onchange: () => setLook(select.value as Look) },
    ...Object.entries(LOOKS).map(([value, words]) =>
      element("option", { value, selected: value === look() }, words),
    ),
  );
  return element("section", {}, heading("Appearance"), element("label", {}, "Colors ", select));
}

function contentSettings(given: ContentSettings): HTMLElement {
  const form = element(
    "form",
    { class: "fields" },
    heading("What to see"),
    element(
      "label",
      {},
      element("input", { type: "checkbox", name: "sensitive", checked: given.showSensitive }),
      " Show sensitive posts, behind a notice",
    ),
    field("Languages (codes such as en, de; empty means all)", "languages", given.languages.join(", ")),
    field("Region (two capital letters; empty means none)", "region", given.region ?? ""),
    field("Words that hide a post, with commas between", "words", given.mutedKeywords.join(", ")),
    element("button", {}, "Save"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void save(new FormData(form));
  });
  return form;
}

async function save(form: FormData): Promise<void> {
  const input = {
    showSensitive: form.has("sensitive"),
    languages: list(form.get("languages")),
    region: String(form.get("region")).trim() || null,
    mutedKeywords: list(form.get("words")),
  };
  const done = await attempt(async () => {
    const answer = await execute(UpdateContentSettings, { input });
    return answer.updateContentSettings.userErrors;
  });
  if (done) announce("Saved. It holds from the next page on.");
}

function erasure(): HTMLElement {
  const form = element(
    "form",
    { class: "fields" },
    heading("Be forgotten"),
    element("p", { class: "quiet" }, "Erases all that is held about you, in every store. It cannot be undone."),
    field("Write ERASE to confirm", "confirm", ""),
    element("button", { class: "danger" }, "Erase my data"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const confirm = String(new FormData(form).get("confirm"));
    void attempt(async () => {
      const { eraseMyData } = await execute(EraseMyData, { input: { confirm } });
      if (eraseMyData.receipt) announce(`It is being erased. Your receipt: ${eraseMyData.receipt.id}`);
      return eraseMyData.userErrors;
    });
  });
  return form;
}

function heading(text: string): HTMLElement {
  return element("h2", { class: "section" }, text);
}

function field(label: string, name: string, value: string): HTMLElement {
  return element("label", {}, element("span", {}, label), element("input", { name, value, autocomplete: "off" }));
}

function list(given: FormDataEntryValue | null): string[] {
  return String(given ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);
}
