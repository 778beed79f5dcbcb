/** Where things are. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository: the same seen from a source and from what is built of it. */
export const root = above(dirname(fileURLToPath(import.meta.url)));
export const lab = join(root, "lab");
/** Everything that is built, installed or measured, and can be deleted. */
export const cache = join(lab, ".cache");
export const runs = join(cache, "runs");

function above(folder: string): string {
  if (existsSync(join(folder, "package-lock.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("the lab works inside the repository only");
  return above(parent);
}
