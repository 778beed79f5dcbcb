export function nodeIn(folder: string, major: string | number): { name: string; as: string; command: string };
export function emptyProject(folder: string): (packages: readonly string[]) => string[];
