// The keys, on a dialog.
import { button, element } from "../page/elements";
import { KEYS } from "./keys";

export function showHelp(): void {
  const rows = KEYS.flatMap(([keys, words]) => [
    element("dt", {}, element("kbd", {}, keys)),
    element("dd", {}, words),
  ]);
  const dialog = element(
    "dialog",
    { class: "menu help", "aria-labelledby": "help-title" },
    element("h2", { id: "help-title" }, "Keys"),
    element("dl", {}, ...rows),
    button("Close", () => dialog.close()),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
