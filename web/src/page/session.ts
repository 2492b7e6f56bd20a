// Who is signed in: an access token, kept for this tab only. It is read for show, never judged.

const KEY = "explore.token";
const listeners = new Set<() => void>();

/** What the token says of its bearer; `until` in milliseconds. */
export interface Bearer {
  readonly id: string;
  readonly roles: readonly string[];
  readonly until: number;
}

export function token(): string | null {
  return sessionStorage.getItem(KEY);
}

export function isSignedIn(): boolean {
  return token() !== null;
}

export function bearer(): Bearer | null {
  return read(token() ?? "");
}

/** Keep a token if it has the form of one; whether it holds, the service says. */
export function signIn(text: string): boolean {
  const given = text.trim().replace(/^bearer\s+/i, "");
  if (!read(given)) return false;
  sessionStorage.setItem(KEY, given);
  tell();
  return true;
}

export function signOut(): void {
  if (!isSignedIn()) return;
  sessionStorage.clear(); // lists made for the one who leaves go too
  tell();
}

/** Be told when somebody comes or goes. */
export function onChange(listener: () => void): void {
  listeners.add(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}

function read(given: string): Bearer | null {
  try {
    const payload = given.split(".")[1] ?? "";
    const bytes = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const text = new TextDecoder().decode(Uint8Array.from(bytes, (one) => one.charCodeAt(0)));
    const claims = JSON.parse(text) as { sub?: unknown; roles?: unknown; exp?: unknown };
    if (typeof claims.sub !== "string" || typeof claims.exp !== "number") return null;
    const roles = Array.isArray(claims.roles) ? claims.roles.map(String) : [];
    return { id: claims.sub, roles, until: claims.exp * 1_000 };
  } catch {
    return null;
  }
}
