// A link may bring a token behind `#token=`: it never reaches a server, and leaves the address.
import { signIn } from "./session";

export function takeTokenFromAddress(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!given) return;
  history.replaceState(null, "", location.pathname + location.search);
  signIn(given);
}
