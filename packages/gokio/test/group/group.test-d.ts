/** Types of scopes, groups and what goes with them. */
import type { Chan } from "../../src/chan/chan.ts";
import { next, recv, send } from "../../src/chan/ends.ts";
import { ErrGroup, spawnInto } from "../../src/group/err-group.ts";
import { JoinSet, joinAll, joinNext, nextWithTask } from "../../src/group/join-set.ts";
import type { EndedTask } from "../../src/group/join-set-core.ts";
import { main } from "../../src/group/main.ts";
import { mapConcurrent } from "../../src/group/map-concurrent.ts";
import { retry } from "../../src/group/retry.ts";
import { type Scope, scope } from "../../src/group/scope.ts";
import { TaskTracker } from "../../src/group/task-tracker.ts";
import { WaitGroup } from "../../src/group/wait-group.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import type { Block } from "../../src/task/block.ts";
import type { Task } from "../../src/task/body.ts";
import type { JoinHandle } from "../../src/task/join-handle.ts";
import type { Settled } from "../../src/task/task.ts";
import { wait } from "../../src/task/wait.ts";
import { sleep } from "../../src/time/sleep.ts";

// ── scope ──

export const scoped: Block<number> = scope(async (s: Scope) => {
  const text: JoinHandle<string> = s.spawn(async () => "text");
  const truth: JoinHandle<boolean> = s.spawn(function* (self) {
    yield* sleep(self.id);
    return true;
  });
  return (await text).length + ((await truth) ? 1 : 0);
});

export function* inGenerator(): Task<string> {
  const value: number = yield* scope(function* (s) {
    const numbers = s.produce<number>(8, { workers: 2 }, function* (tx) {
      yield* send(tx, 1);
      // @ts-expect-error only numbers go in
      yield* send(tx, "1");
      // @ts-expect-error a producer does not receive
      yield* recv(tx);
    });
    const n: number = yield* recv(numbers);
    const disposable: Disposable = numbers;
    s.produce<string>(0, { inherit: true, name: "texts" }, async (tx) => tx.send(disposable.toString()));
    // @ts-expect-error a receiver does not send
    yield* send(numbers, 1);
    // @ts-expect-error it is not for the receiver to close
    numbers.close();
    return n;
  });
  return value.toFixed();
}

// @ts-expect-error an async generator cannot be a body
scope(async function* () {});
// @ts-expect-error what is yielded is no operation
scope(function* () {
  yield 5;
});

// ── JoinSet ──

export async function joinSets(): Promise<void> {
  const set = new JoinSet<number>();
  const handle: JoinHandle<number> = set.spawn(async () => 5);
  set.spawn(function* () {
    yield* sleep(1);
    return 6;
  });
  // @ts-expect-error the set is of numbers
  set.spawn(async () => "text");
  // @ts-expect-error in this flavour, too
  set.spawn(function* () {
    yield* sleep(1);
    return "text";
  });
  const item: IteratorResult<number, undefined> = await set.joinNext();
  const settled: IteratorResult<Settled<number>, undefined> = await set.next();
  const all: number[] = await set.joinAll();
  for await (const outcome of set) if (outcome.status === "ok") outcome.value.toFixed();
  const ops: [Operation<typeof item>, Operation<typeof settled>, Operation<number[]>] = [
    joinNext(set),
    next(set),
    joinAll(set),
  ];
  const now: IteratorResult<Settled<number>, undefined> | undefined = set.tryNext();
  const ended: IteratorResult<EndedTask<number>, undefined> = await set.nextWithTask();
  const ending: Operation<typeof ended> = nextWithTask(set);
  new JoinSet().spawn(async () => "anything");
  void [handle, all, ops, now, ended, ending];
}

// ── the others ──

export async function others(signal: AbortSignal): Promise<void> {
  const group = new ErrGroup({ limit: 4, signal });
  const started: Promise<void> = group.spawn(async () => 5);
  const tried: boolean = group.trySpawn(async () => 5, { name: "five" });
  const waited: Operation<void> = wait(group, { signal });
  await spawnInto(group, async () => {});
  // @ts-expect-error what is yielded is no operation
  group.spawn(function* () {
    yield 5;
  });

  const tracker = new TaskTracker();
  const handle: JoinHandle<number> = tracker.spawn(async () => 5);
  const tracked: Promise<string> = tracker.track(Promise.resolve("text"));
  await wait(tracker);

  const waitGroup = new WaitGroup();
  const going: JoinHandle<number> = waitGroup.go(async () => 5);
  await wait(waitGroup);

  const lengths: number[] = await mapConcurrent(["a", "b"], 2, async (text, index) => text.length + index);
  const fromChannel: string[] = await mapConcurrent({} as Chan<number>, 2, function* (n) {
    yield* sleep(n);
    return n.toFixed();
  });
  const named: number[] = await mapConcurrent([1], 2, async (n) => n, { name: "named", inherit: true });
  // @ts-expect-error the items are strings
  mapConcurrent(["a"], 2, async (n: number) => n);

  const answer: number = await retry(async (attempt) => attempt, { attempts: 3, backoff: { base: 1 } });
  const received: string = await retry(() => recv({} as Chan<string>));
  const value: number | undefined = await main(async (s) => {
    s.cancel();
    return 5;
  });
  void [started, tried, waited, handle, tracked, going, lengths, fromChannel, named, answer, received, value];
}
