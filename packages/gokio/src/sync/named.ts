/**
 * Names of locks and other meeting points, for dumps and errors.
 *
 * @module
 */
import { checkOptions, show, wrongType } from "../errors.ts";

/** The options of what can be named. */
export interface NameOptions {
  /** Shown in dumps, deadlock reports and errors. */
  readonly name?: string | undefined;
}

/** What `kind` is called in dumps: "mutex", `mutex("accounts")`. @throws {TypeError} if the name is no string. */
export function named(kind: string, options: NameOptions | undefined): string {
  const name = options === undefined ? undefined : checkOptions(options).name;
  if (name === undefined) return kind;
  if (typeof name !== "string") throw wrongType("name", "a string", name);
  return `${kind}(${show(name)})`;
}
