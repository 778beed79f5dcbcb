/** Compiles programs to a folder below lab/.cache, by default those of the guard, and returns it. */
export function compile(entryPoints?: readonly string[], name?: string): Promise<string>;
