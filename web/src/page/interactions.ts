// What people do with posts, creators and hashtags, one at a time; anonymous people are told how.
import {
  type InteractionAction,
  type InteractionTarget,
  TrackInteraction,
  type UserErrorCode,
} from "../operations";
import { tellFailure } from "./announce";
import { execute } from "./api";
import { element } from "./elements";
import { inWords } from "./failure";
import { address } from "./routes";
import { isSignedIn } from "./session";

/** Record it; whether the service did. Failures are told. */
export async function record(
  action: InteractionAction,
  target: InteractionTarget,
  token: string | null = null,
): Promise<boolean> {
  return attempt(async () => {
    const input = { action, target, ...(token ? { impressionToken: token } : {}) };
    const { trackInteraction } = await execute(TrackInteraction, { input });
    return trackInteraction.userErrors;
  });
}

interface Mistake {
  readonly code: UserErrorCode;
  readonly message: string;
}

/** Do what only signed-in people can; whether it was done. What hinders is told. */
export async function attempt(change: () => Promise<readonly Mistake[]>): Promise<boolean> {
  if (!isSignedIn()) {
    const link = element("a", { href: address({ view: "settings" }) }, "Settings");
    tellFailure("Sign in for this: paste an access token under ", link, ".");
    return false;
  }
  try {
    const [mistake] = await change();
    if (mistake) tellFailure(mistake.message);
    return !mistake;
  } catch (error) {
    tellFailure(inWords(error));
    return false;
  }
}
