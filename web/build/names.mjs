import { createHash } from "node:crypto";
import { basename, extname } from "node:path";

/** A name that changes with the content, so that browsers may keep the file for good. */
export function nameByContent(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const extension = extname(name);
  return `${basename(name, extension)}.${hash}${extension}`;
}
