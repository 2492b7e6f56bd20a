// Signing in: a token is pasted here; it stays in this tab.
import { tellFailure } from "./announce";
import { button, element } from "./elements";
import { bearer, signIn, signOut } from "./session";
import { moment } from "./words";

export function signInForm(): HTMLElement {
  const known = bearer();
  return known ? signedIn(known.id, known.until) : signedOut();
}

function signedIn(id: string, until: number): HTMLElement {
  const end = moment(new Date(until).toISOString());
  return element(
    "section",
    { class: "sign-in" },
    element("p", {}, "Signed in as ", element("strong", {}, id), ` until ${end}.`),
    button("Sign out", signOut),
  );
}

function signedOut(): HTMLElement {
  const field = element("textarea", {
    id: "token",
    name: "token",
    rows: 3,
    required: true,
    spellcheck: "false",
    autocomplete: "off",
    "aria-describedby": "token-help",
  });
  const form = element(
    "form",
    { class: "sign-in" },
    element("label", { for: "token" }, "Access token"),
    field,
    element(
      "p",
      { id: "token-help", class: "quiet" },
      "In development, get one from ",
      element("code", {}, "python -m demo token --viewer me"),
      ". It is kept in this tab only.",
    ),
    element("button", {}, "Sign in"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!signIn(field.value)) tellFailure("That is no access token: it has three parts with dots between.");
  });
  return form;
}
