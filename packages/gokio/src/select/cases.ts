/**
 * The cases of a select: what may be one, and what its value is.
 *
 * @module
 */
import { MisuseError, show, wrongType } from "../errors.ts";
import type { Operation } from "../kernel/operation.ts";
import { isThenable } from "../task/body.ts";
import { watching } from "../task/foreign.ts";
import { JoinHandle, join } from "../task/join-handle.ts";

/** What a case may be: an operation, a task, a promise; `undefined` is a case that is off. */
export type Case = Operation<unknown> | JoinHandle<unknown> | Promise<unknown> | undefined;

/** The value with which a case wins. */
export type CaseValue<C> = C extends Operation<infer T> ? T : C extends JoinHandle<infer T> ? T : Awaited<C>;

/** The operation behind a case. @throws {TypeError} if it can be no case. */
export function operationOf(key: string, value: unknown): Operation<unknown> {
  if (value instanceof JoinHandle) return join(value);
  if (!isThenable(value)) throw wrongType(`case ${show(key)}`, "an operation, a task or a promise", value);
  if ("unlink" in value) throw new MisuseError(`case ${show(key)} is of another copy of gokio; install one version`);
  // No promise is iterable; what runs a body is, for yield*.
  if (Symbol.iterator in value) throw new TypeError(`case ${show(key)} runs a body: write task(() => …)`);
  return watching(value);
}
