/** Types of what `spawn` takes and gives. */

import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { ErrGroup, spawnInto } from "../../src/group/err-group.ts";
import { JoinSet } from "../../src/group/join-set.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { type Err, err, ok, type Result } from "../../src/result.ts";
import type { Task } from "../../src/task/body.ts";
import type { JoinHandle } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";

const numbers = chan<number>();

// ── what a body gives ──

export const fromAsync: JoinHandle<string> = spawn(async ({ id }) => `${id}`);
export const fromFunction: JoinHandle<number> = spawn(function* (self) {
  return (yield* recv(numbers)) + self.id;
});

// ── what its generator gives ──

function* worker(factor: number): Task<number> {
  return factor * (yield* recv(numbers));
}
export const fromGenerator: JoinHandle<number> = spawn(worker(2), { name: "worker" });
export const unannotated: JoinHandle<number> = spawn(
  (function* () {
    return yield* recv(numbers);
  })(),
);

function* careful(): Task<Result<number, "too many">> {
  const n = yield* recv(numbers);
  if (n > 5) yield* err("too many" as const);
  return ok(n);
}
export const withError: JoinHandle<Result<number, "too many"> | Err<"too many">> = spawn(careful());

// @ts-expect-error it is a number
export const wrong: JoinHandle<string> = spawn(worker(2));

// ── groups ──

const set = new JoinSet<number>();
export const member: JoinHandle<number> = set.spawn(worker(3));
function* texts(): Task<string> {
  return "text";
}
// @ts-expect-error the set is of numbers
set.spawn(texts());
const group = new ErrGroup();
export const admitted: Promise<void> = group.spawn(worker(1));
export const started: boolean = group.trySpawn(worker(1));
export const into: Operation<void> = spawnInto(group, texts());

// ── what is none ──

// @ts-expect-error a generator that yields what is no operation
spawn([1, 2, 3].values());
// @ts-expect-error work that has begun is awaited
spawn(fetch("https://example.org"));
// @ts-expect-error an operation is no task
spawn(recv(numbers));
