// For whoever is no moderator yet.
import { element } from "../page/elements";
import { signInForm } from "../page/sign-in";

export function signInView(isSignedIn: boolean): HTMLElement {
  return element(
    "section",
    { class: "card welcome" },
    element("h1", { tabindex: -1 }, "Review by people"),
    element(
      "p",
      {},
      isSignedIn
        ? "This account is no moderator's. Sign in with one that is."
        : "For moderators. Sign in with an access token that has the role.",
    ),
    signInForm(),
    element(
      "p",
      { class: "quiet" },
      "In the demo: ",
      element("code", {}, "python -m demo token --viewer mo --role moderator"),
      ", or the link that the demo prints when it is ready.",
    ),
  );
}
