// The moderators' page: a queue on one side, the case in hand on the other, keys for everything.
import { announcementArea } from "../page/announce";
import { applyLook } from "../page/appearance";
import { button, element } from "../page/elements";
import { takeTokenFromAddress } from "../page/link-token";
import { bearer, onChange, signOut } from "../page/session";
import { Desk } from "./desk";
import { signInView } from "./sign-in-view";

const ROLES = ["moderator", "admin"];
let desk: Desk | null = null;

function show(): void {
  desk?.close();
  desk = null;
  const who = bearer();
  const isModerator = Boolean(who?.roles.some((role) => ROLES.includes(role)));
  const main = element("main", { id: "main", tabindex: -1 });
  const tools = element("div", { class: "tools" });
  if (who) tools.append(element("span", { class: "quiet" }, who.id), button("Sign out", signOut));
  document.body.replaceChildren(
    element("a", { href: "#main", class: "skip" }, "Skip to the case"),
    element(
      "header",
      { class: "top" },
      element("a", { href: "/", class: "brand" }, "Explore"),
      element("span", { class: "place" }, "Moderation"),
      tools,
    ),
    main,
    announcementArea(),
  );
  if (!isModerator) {
    main.append(signInView(who !== null));
    return;
  }
  desk = new Desk(main);
  desk.open();
}

takeTokenFromAddress();
applyLook();
onChange(show);
show();
