// The token that requests carry: the demo's or pasted above GraphiQL, kept in this tab only.

const KEY = "explore.token"; // the explore page's: who signs in there is signed in here
const TOKENS = "/demo/tokens";

export function token(): string {
  return sessionStorage.getItem(KEY) ?? "";
}

/** A line with a field for the token; each request reads what stands in it. */
export function tokenLine(): HTMLElement {
  const field = document.createElement("input");
  field.placeholder = "Access token; empty: anonymous";
  field.setAttribute("aria-label", "Access token");
  field.autocomplete = "off";
  field.spellcheck = false;
  field.value = token();
  field.addEventListener("input", () => {
    const given = field.value.trim().replace(/^bearer\s+/i, "");
    if (given) sessionStorage.setItem(KEY, given);
    else sessionStorage.removeItem(KEY);
  });
  const own = document.createElement("span");
  own.setAttribute("role", "group");
  own.setAttribute("aria-label", "People of the demo");
  void offerPeople(own, (given) => {
    field.value = given;
    field.dispatchEvent(new Event("input"));
  });
  const command = document.createElement("code");
  command.textContent = "python -m demo token --viewer me";
  const home = document.createElement("a");
  home.href = "/";
  home.textContent = "The explore page";
  const line = document.createElement("div");
  line.className = "token";
  line.append(field, own, "from", command, home);
  return line;
}

/** A button for each person whose tokens the demo signs; none where there is no demo. */
async function offerPeople(place: HTMLElement, take: (given: string) => void): Promise<void> {
  const answer = await fetch(TOKENS).catch(() => null);
  if (!answer?.ok) return;
  const { people } = (await answer.json()) as { readonly people: readonly string[] };
  for (const name of people) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.title = `Be the demo's ${name} for 15 minutes`;
    button.addEventListener("click", async () => {
      const signed = await fetch(`${TOKENS}/${name}`, { method: "POST" });
      if (signed.ok) take(((await signed.json()) as { readonly token: string }).token);
    });
    place.append(button, " ");
  }
}
