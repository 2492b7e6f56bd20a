// Light or dark: as the system has it, unless people say otherwise; kept in this browser.

export type Look = "system" | "light" | "dark";

export const LOOKS: Readonly<Record<Look, string>> = {
  system: "As the system has them",
  light: "Light",
  dark: "Dark",
};
const KEY = "explore.look";

export function look(): Look {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function setLook(chosen: Look): void {
  localStorage.setItem(KEY, chosen);
  applyLook();
}

export function applyLook(): void {
  const chosen = look();
  document.documentElement.style.colorScheme = chosen === "system" ? "" : chosen;
}
