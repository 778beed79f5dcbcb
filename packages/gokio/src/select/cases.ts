/**
 * The cases of a select: what may be one, and what its value is.
 *
 * @module
 */
import { MisuseError, show } from "../errors.ts";
import { Operation } from "../kernel/operation.ts";
import { isThenable } from "../task/body.ts";
import { watching } from "../task/foreign.ts";
import { JoinHandle, join } from "../task/join-handle.ts";

/** What a case may be: an operation, a task, a promise; `undefined` is a case that is off. */
export type Case = Operation<unknown> | JoinHandle<unknown> | Promise<unknown> | undefined;

/** The value with which a case wins. */
export type CaseValue<C> = C extends Operation<infer T> ? T : C extends JoinHandle<infer T> ? T : Awaited<C>;

/** The operation behind a case. @throws {TypeError} if it can be no case. */
export function operationOf(key: string, value: unknown): Operation<unknown> {
  if (value instanceof Operation) return value;
  if (value instanceof JoinHandle) return join(value);
  if (isForeignOperation(value)) {
    throw new MisuseError(`case ${show(key)} is an operation of another copy of gokio; install one version`);
  }
  if (isThenable(value)) return watching(value);
  throw new TypeError(`case ${show(key)} must be an operation, a task or a promise, not ${show(value)}`);
}

function isForeignOperation(value: unknown): boolean {
  return isThenable(value) && "unlink" in value;
}
