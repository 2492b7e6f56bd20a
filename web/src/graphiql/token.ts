// The token that requests carry: pasted above GraphiQL, kept in this tab only.

const KEY = "explore.token"; // the explore page's: who signs in there is signed in here

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
  const command = document.createElement("code");
  command.textContent = "python -m demo token --viewer me";
  const home = document.createElement("a");
  home.href = "/";
  home.textContent = "The explore page";
  const line = document.createElement("div");
  line.className = "token";
  line.append(field, "from", command, home);
  return line;
}
