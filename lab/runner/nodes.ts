/**
 * Other versions of Node, to run gokio on: installed once, below the lab's cache.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { emptyProject, nodeIn } from "../../tools/nodes.mjs";
import { cache } from "./root.ts";

export const nodes = join(cache, "nodes");

/** Where Node `major` is, and which version it is; `run` runs a program to its end and gives what it printed. */
export async function installedNode(
  major: string,
  run: (file: string, args: readonly string[]) => Promise<string>,
): Promise<{ file: string; version: string }> {
  const { as, command } = nodeIn(nodes, major);
  if (!existsSync(command)) {
    const install = emptyProject(nodes);
    await run("npm", ["--prefix", nodes, ...install([as])]);
  }
  const version = await run(command, ["--version"]);
  return { file: command, version: `Node ${version.replace(/^v/, "")}` };
}
