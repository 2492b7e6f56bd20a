// A button that is on or off: it changes at once, and back where the service does not agree.
import { button } from "./elements";

export interface ToggleOptions {
  readonly label: (isOn: boolean) => string; // what it does, the same on and off but for counts
  readonly action: string; // names it for keys and styles
  readonly isOn: boolean;
  readonly change: (isOn: boolean) => Promise<boolean>;
}

export function toggle({ label, action, isOn, change }: ToggleOptions): HTMLButtonElement {
  let now = isOn;
  let isBusy = false;
  const made = button("", () => void press(), { class: "toggle", "data-action": action });
  const show = () => {
    made.setAttribute("aria-pressed", String(now));
    made.textContent = label(now);
  };
  const press = async () => {
    if (isBusy) return;
    isBusy = true;
    now = !now;
    show();
    const done = await change(now);
    if (!done) {
      now = !now;
      show();
    }
    isBusy = false;
  };
  show();
  return made;
}
