/**
 * The three drivers, so that `describe.each(drivers)` shows that a primitive does not care who waits.
 *
 * @module
 */
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { CancelledError } from "../../src/errors.ts";
import { start as startEager } from "../../src/kernel/abortable.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { select } from "../../src/select/select.ts";
import type { Task } from "../../src/task/body.ts";
import { settled } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";

/** How a driven operation ended. */
export type Ended<T> =
  | { readonly status: "ok"; readonly value: T }
  | { readonly status: "failed"; readonly error: unknown }
  | { readonly status: "cancelled" };

/** An operation under way. */
export interface Driven<T> {
  /** How it ended; `undefined` while it has not. Readable at any time, so that a model test need not await. */
  readonly ended: Ended<T> | undefined;
  /** Never rejects. */
  readonly end: Promise<Ended<T>>;
  /** Cancels the wait, if it is not settled. */
  cancel(): void;
}

export interface Driver {
  readonly name: "await" | "yield*" | "select";
  /** Runs `op` to its end: its value, or a rejection with its error. */
  drive<T>(op: Operation<T>): Promise<T>;
  /** Runs `op`, so that it can be cancelled. With `yield*` it is first tried when the run queue comes to it. */
  start<T>(op: Operation<T>): Driven<T>;
}

export const drivers: readonly Driver[] = [
  {
    name: "await",
    drive: async (op) => (await op) as never,
    start: (op) => cancellable((token) => startEager(op, { signal: token }) as Promise<never>),
  },
  {
    name: "yield*",
    drive: async (op) => (await spawn(() => alone(op))) as never,
    start(op) {
      const task = spawn(() => alone(op));
      const end = settled(task).then((outcome): Ended<never> => {
        if (outcome.status === "aborted") return { status: "cancelled" };
        return outcome as Ended<never>;
      });
      return driven(end, () => task.abort());
    },
  },
  {
    name: "select",
    drive: (op) => oneOfTwo(op) as Promise<never>,
    start: (op) => cancellable((token) => oneOfTwo(op, token) as Promise<never>),
  },
];

function* alone<T>(op: Operation<T>): Task<T> {
  return yield* op;
}

/** Selects `op` against a channel on which nothing ever comes, so that there is something to unlink. */
async function oneOfTwo<T>(op: Operation<T>, token = new CancellationToken()): Promise<unknown> {
  const never = chan<never>();
  const won = await startEager(select({ op, never: recv(never) }), { signal: token });
  return (won as { value: unknown }).value;
}

function cancellable<T>(run: (token: CancellationToken) => Promise<T>): Driven<T> {
  const token = new CancellationToken();
  const end = run(token).then(
    (value): Ended<T> => ({ status: "ok", value }),
    (error): Ended<T> =>
      error instanceof CancelledError && token.isCancelled ? { status: "cancelled" } : { status: "failed", error },
  );
  return driven(end, () => token.cancel());
}

function driven<T>(end: Promise<Ended<T>>, cancel: () => void): Driven<T> {
  let ended: Ended<T> | undefined;
  void end.then((outcome) => {
    ended = outcome;
  });
  return {
    end,
    cancel,
    get ended() {
      return ended;
    },
  };
}
