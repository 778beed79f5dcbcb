/**
 * Everything that waits, each as the contracts see it: an operation, and a way to let it go on.
 *
 * @module
 */
import { EventEmitter } from "node:events";
import { cancelled } from "../src/cancel/cancelled.ts";
import { CancellationToken } from "../src/cancel/token.ts";
import { broadcast } from "../src/chan/broadcast.ts";
import { chan } from "../src/chan/chan.ts";
import { closed } from "../src/chan/closed.ts";
import { next, recv, send } from "../src/chan/ends.ts";
import { mpsc } from "../src/chan/mpsc.ts";
import { oneshot } from "../src/chan/oneshot.ts";
import { reserve, reserveMany, type SendPermit } from "../src/chan/permit.ts";
import { recvMany } from "../src/chan/receiver.ts";
import { waitFor } from "../src/chan/wait-for.ts";
import { watch } from "../src/chan/watch.ts";
import { changed } from "../src/chan/watch-receiver.ts";
import { ErrGroup, spawnInto } from "../src/group/err-group.ts";
import { JoinSet, joinAll, joinNext } from "../src/group/join-set.ts";
import { TaskTracker } from "../src/group/task-tracker.ts";
import { WaitGroup } from "../src/group/wait-group.ts";
import type { WaitOptions } from "../src/kernel/abortable.ts";
import { withOptions } from "../src/kernel/abortable.ts";
import type { Operation } from "../src/kernel/operation.ts";
import { select } from "../src/select/select.ts";
import { acquire } from "../src/sync/acquire.ts";
import { arrive, Barrier } from "../src/sync/barrier.ts";
import { Condvar, waitOn } from "../src/sync/condvar.ts";
import { lock, Mutex, type MutexGuard } from "../src/sync/mutex.ts";
import { Notify, notified } from "../src/sync/notify.ts";
import { getOrInit, OnceCell } from "../src/sync/once-cell.ts";
import { RateLimiter } from "../src/sync/rate-limiter.ts";
import { RwLock, read, write } from "../src/sync/rw-lock.ts";
import { Semaphore } from "../src/sync/semaphore.ts";
import { SingleFlight, share } from "../src/sync/single-flight.ts";
import { join, settled } from "../src/task/join-handle.ts";
import { once } from "../src/task/once.ts";
import { spawn } from "../src/task/spawn.ts";
import { wait } from "../src/task/wait.ts";
import { DelayQueue, expired } from "../src/time/delay-queue.ts";
import { interval, tick } from "../src/time/interval.ts";
import { sleep, sleepUntil } from "../src/time/sleep.ts";
import { timeout } from "../src/time/timeout.ts";

/** One resource, made so that its operation has to wait. */
export interface Fixture {
  /** A new wait. */
  op(options?: WaitOptions): Operation<unknown>;
  /** Lets one go on, or everybody: as the resource has it. */
  serve(): unknown;
  /** What a wait was given, made comparable; and what is to be given back, kept for `serve`. */
  read(value: unknown): unknown;
  /** What the `i`-th that was served has read. */
  expected(i: number): unknown;
  /** Ends what the fixture has under way for itself. */
  end?(): unknown;
}

export interface Subject {
  readonly name: string;
  make(): Fixture | Promise<Fixture>;
  /** Whom serving lets go on: the one in front, everybody, or the only one there will be. */
  readonly serves: "one" | "all" | "once";
  /** It always has to wait, and stores nothing. */
  readonly isNeverReady?: true;
}

/** Milliseconds, on the virtual clock. */
const PERIOD = 10;
const same = (value: unknown): unknown => value;
const nth = (i: number): unknown => i;
const always = (value: unknown) => (): unknown => value;
const item = (i: number): unknown => ({ done: false, value: i });

/** Serving puts numbers in: 0, 1, 2. */
function sourceOf(put: (n: number) => unknown, op: Fixture["op"], expected: Fixture["expected"] = nth): Fixture {
  let count = 0;
  return { op, serve: () => void put(count++), read: same, expected };
}

/** Everybody is let go on at one event. */
function eventOf(happen: () => unknown, op: Fixture["op"], value?: unknown): Fixture {
  return { op, serve: () => void happen(), read: same, expected: always(value) };
}

/** What is waited for is the time itself. */
function clockOf(op: Fixture["op"], expected: Fixture["expected"]): Fixture {
  return { op, serve: () => sleep(PERIOD).then(), read: same, expected };
}

/** What is waited for is held, by the one that was served last. */
function heldBy(first: Disposable, op: Fixture["op"]): Fixture {
  const held: Disposable[] = [first];
  const release = (): void => {
    for (const each of held.splice(0)) each[Symbol.dispose]();
  };
  const readGuard = (value: unknown): unknown => held.push(value as Disposable) > 0;
  return { op, serve: release, read: readGuard, expected: always(true), end: release };
}

/** Sending, where there is room for one: serving takes out what was sent before. */
function roomIn(takeOut: () => unknown, op: Fixture["op"], readPermit = (_value: unknown): void => {}): Fixture {
  let taken = 0;
  return {
    op,
    serve: () => {
      if (takeOut() !== undefined) taken++;
    },
    read(value) {
      readPermit(value);
      return taken;
    },
    expected: (i) => i + 1,
  };
}

const channels: Subject[] = [
  {
    name: "recv on chan",
    serves: "one",
    make() {
      const ch = chan<number>(8);
      return sourceOf(
        (n) => ch.trySend(n),
        (options) => recv(ch, options),
      );
    },
  },
  {
    name: "next on chan",
    serves: "one",
    make() {
      const ch = chan<number>(8);
      const put = (n: number): unknown => ch.trySend(n);
      return sourceOf(put, (options) => next(ch, options), item);
    },
  },
  {
    name: "send on chan",
    serves: "one",
    make() {
      const ch = chan<string>(1);
      ch.trySend("in the way");
      return roomIn(
        () => ch.tryRecv(),
        (options) => send(ch, "sent", options),
      );
    },
  },
  {
    name: "recv on mpsc",
    serves: "one",
    make() {
      const [tx, rx] = mpsc<number>(8);
      return sourceOf(
        (n) => tx.trySend(n),
        (options) => recv(rx, options),
      );
    },
  },
  {
    name: "next on mpsc",
    serves: "one",
    make() {
      const [tx, rx] = mpsc<number>(8);
      const put = (n: number): unknown => tx.trySend(n);
      return sourceOf(put, (options) => next(rx, options), item);
    },
  },
  {
    name: "recvMany on mpsc",
    serves: "one",
    make() {
      const [tx, rx] = mpsc<number>(8);
      const put = (n: number): unknown => tx.trySend(n);
      return sourceOf(
        put,
        (options) => recvMany(rx, 4, options),
        (i) => [i],
      );
    },
  },
  {
    name: "send on mpsc",
    serves: "one",
    make() {
      const [tx, rx] = mpsc<string>(1);
      tx.trySend("in the way");
      return roomIn(
        () => rx.tryRecv(),
        (options) => send(tx, "sent", options),
      );
    },
  },
  {
    name: "reserve on mpsc",
    serves: "one",
    make() {
      const [tx, rx] = mpsc<string>(1);
      tx.trySend("in the way");
      const takeOut = (): unknown => rx.tryRecv();
      const readPermit = (permit: unknown): void => (permit as SendPermit<string>).send("sent");
      return roomIn(takeOut, (options) => reserve(tx, options), readPermit);
    },
  },
  {
    name: "reserveMany on mpsc",
    serves: "one",
    make() {
      const [tx, rx] = mpsc<string>(1);
      tx.trySend("in the way");
      const takeOut = (): unknown => rx.tryRecv();
      const readPermits = (permits: unknown): void => (permits as [SendPermit<string>])[0].send("sent");
      return roomIn(takeOut, (options) => reserveMany(tx, 1, options), readPermits);
    },
  },
  {
    name: "closed on mpsc",
    serves: "all",
    make() {
      const [tx, rx] = mpsc<number>(1);
      return eventOf(
        () => rx.close(),
        (options) => closed(tx, options),
      );
    },
  },
  {
    name: "recv on oneshot",
    serves: "once",
    make() {
      const [tx, rx] = oneshot<string>();
      const put = (): unknown => tx.send("answer");
      return eventOf(put, (options) => recv(rx, options), "answer");
    },
  },
  {
    name: "recv on broadcast",
    serves: "one",
    make() {
      const tx = broadcast<number>(8);
      const rx = tx.subscribe();
      return sourceOf(
        (n) => tx.send(n),
        (options) => recv(rx, options),
      );
    },
  },
  {
    name: "closed on broadcast",
    serves: "all",
    make() {
      const tx = broadcast<number>(8);
      const rx = tx.subscribe();
      return eventOf(
        () => rx[Symbol.dispose](),
        (options) => closed(tx, options),
      );
    },
  },
  {
    name: "changed on watch",
    serves: "all",
    make() {
      const [tx, rx] = watch("old");
      return eventOf(
        () => tx.send("new"),
        (options) => changed(rx, options),
      );
    },
  },
  {
    name: "recv on watch",
    serves: "all",
    make() {
      const [tx, rx] = watch("old");
      return eventOf(
        () => tx.send("new"),
        (options) => recv(rx, options),
        "new",
      );
    },
  },
  {
    name: "waitFor on watch",
    serves: "all",
    make() {
      const [tx, rx] = watch("old");
      const isNew = (value: string): boolean => value === "new";
      return eventOf(
        () => tx.send("new"),
        (options) => waitFor(rx, isNew, options),
        "new",
      );
    },
  },
];

const locks: Subject[] = [
  {
    name: "acquire on Semaphore",
    serves: "one",
    make() {
      const semaphore = new Semaphore(2);
      return heldBy(semaphore.tryAcquire(1) as Disposable, (options) => acquire(semaphore, 2, options));
    },
  },
  {
    name: "lock on Mutex",
    serves: "one",
    make() {
      const mutex = new Mutex();
      return heldBy(mutex.tryLock() as Disposable, (options) => lock(mutex, options));
    },
  },
  {
    name: "read on RwLock",
    serves: "all",
    make() {
      const rw = new RwLock(0);
      return heldBy(rw.tryWrite() as Disposable, (options) => read(rw, options));
    },
  },
  {
    name: "write on RwLock",
    serves: "one",
    make() {
      const rw = new RwLock(0);
      return heldBy(rw.tryRead() as Disposable, (options) => write(rw, options));
    },
  },
  {
    name: "notified on Notify",
    serves: "one",
    make() {
      const notify = new Notify();
      return eventOf(
        () => notify.notifyOne(),
        (options) => notified(notify, options),
      );
    },
  },
  {
    name: "arrive at Barrier",
    serves: "all",
    make() {
      const barrier = new Barrier(3);
      const others = (): void => {
        // Where nobody waits yet, all but the last, who then need not wait.
        const missing = barrier.arrived === 0 ? barrier.parties - 1 : barrier.parties - barrier.arrived;
        for (let i = 0; i < missing; i++) void barrier.wait();
      };
      return { ...eventOf(others, (options) => arrive(barrier, options)), read: () => undefined };
    },
  },
  {
    name: "wait on Condvar",
    serves: "one",
    isNeverReady: true,
    make() {
      const condvar = new Condvar();
      // Each with a lock of its own, so that they do not wait for each other as well.
      const op = (options?: WaitOptions): Operation<void> =>
        waitOn(condvar, new Mutex().tryLock() as MutexGuard<void>, options);
      return eventOf(() => condvar.notifyOne(), op);
    },
  },
  {
    name: "getOrInit on OnceCell",
    serves: "all",
    make() {
      const cell = new OnceCell<string>();
      const values = chan<string>();
      const happen = (): unknown => values.trySend("made") || cell.set("made");
      return eventOf(happen, (options) => getOrInit(cell, () => recv(values), options), "made");
    },
  },
  {
    name: "share on SingleFlight",
    serves: "all",
    isNeverReady: true,
    make() {
      const flights = new SingleFlight<string, string>();
      const values = chan<string>();
      const op = (options?: WaitOptions): Operation<string> => share(flights, "key", () => recv(values), options);
      return eventOf(() => values.trySend("made"), op, "made");
    },
  },
  {
    name: "acquire on RateLimiter",
    serves: "one",
    make() {
      const limiter = new RateLimiter({ limit: 1, per: PERIOD });
      limiter.tryAcquire();
      return clockOf((options) => acquire(limiter, 1, options), always(undefined));
    },
  },
];

const times: Subject[] = [
  { name: "sleep", serves: "all", make: () => clockOf((options) => sleep(PERIOD, options), always(undefined)) },
  {
    name: "sleepUntil",
    serves: "all",
    make() {
      const when = Date.UTC(2020, 0, 1) + 1000 + PERIOD;
      return clockOf((options) => sleepUntil(when, options), always(undefined));
    },
  },
  {
    name: "tick of interval",
    serves: "one",
    make() {
      const ticks = interval(PERIOD, { first: PERIOD });
      return {
        ...clockOf((options) => tick(ticks, options), always("number")),
        read: (at) => typeof at,
        end: () => ticks[Symbol.dispose](),
      };
    },
  },
  {
    name: "expired on DelayQueue",
    serves: "one",
    make() {
      const queue = new DelayQueue<number>();
      return sourceOf(
        (n) => queue.insert(n, 0),
        (options) => expired(queue, options),
      );
    },
  },
  {
    name: "timeout of an operation",
    serves: "one",
    make() {
      const ch = chan<number>(8);
      return sourceOf(
        (n) => ch.trySend(n),
        (options) => withOptions(timeout(60_000, recv(ch)), options),
      );
    },
  },
];

const tasks: Subject[] = [
  {
    name: "join",
    serves: "all",
    make() {
      const ends = chan<string>();
      const task = spawn(() => recv(ends));
      return {
        ...eventOf(
          () => ends.trySend("done"),
          (options) => join(task, options),
          "done",
        ),
        end: () => task.abort(),
      };
    },
  },
  {
    name: "settled",
    serves: "all",
    make() {
      const ends = chan<string>();
      const task = spawn(() => recv(ends));
      const value = { status: "ok", value: "done" };
      return {
        ...eventOf(
          () => ends.trySend("done"),
          (options) => settled(task, options),
          value,
        ),
        end: () => task.abort(),
      };
    },
  },
  {
    name: "cancelled",
    serves: "all",
    make() {
      const token = new CancellationToken();
      return eventOf(
        () => token.cancel("over"),
        (options) => cancelled(token, options),
        "over",
      );
    },
  },
  {
    name: "wait for a promise",
    serves: "all",
    make() {
      let resolve = (_value: string): void => {};
      const promise = new Promise<string>((settle) => {
        resolve = settle;
      });
      return eventOf(
        () => resolve("foreign"),
        (options) => wait(promise, options),
        "foreign",
      );
    },
  },
  {
    name: "wait for a function",
    serves: "one",
    isNeverReady: true,
    make() {
      const running = new Set<(n: number) => void>();
      const work = (signal: AbortSignal): Promise<number> =>
        new Promise((resolve) => {
          running.add(resolve);
          signal.addEventListener("abort", () => running.delete(resolve));
        });
      const finishOldest = (n: number): void => {
        for (const resolve of running) {
          running.delete(resolve);
          resolve(n);
          return;
        }
      };
      return sourceOf(finishOldest, (options) => wait(work, options));
    },
  },
  {
    name: "once",
    serves: "all",
    isNeverReady: true,
    make() {
      const emitter = new EventEmitter();
      return eventOf(
        () => emitter.emit("event", "detail"),
        (options) => once(emitter, "event", options),
        ["detail"],
      );
    },
  },
  {
    name: "select in select",
    serves: "one",
    make() {
      const ch = chan<number>(8);
      const op = (options?: WaitOptions): Operation<unknown> =>
        withOptions(select({ inner: recv(ch), never: recv(chan<number>()) }), options);
      return sourceOf(
        (n) => ch.trySend(n),
        op,
        (i) => ({ key: "inner", value: i }),
      );
    },
  },
];

const groups: Subject[] = [
  {
    name: "next on JoinSet",
    serves: "one",
    make() {
      const { set, finish } = joinSet();
      const value = (i: number): unknown => ({ done: false, value: { status: "ok", value: i } });
      return { ...sourceOf(finish, (options) => next(set, options), value), end: () => set[Symbol.asyncDispose]() };
    },
  },
  {
    name: "joinNext on JoinSet",
    serves: "one",
    make() {
      const { set, finish } = joinSet();
      return { ...sourceOf(finish, (options) => joinNext(set, options), item), end: () => set[Symbol.asyncDispose]() };
    },
  },
  {
    name: "joinAll on JoinSet",
    serves: "once",
    make() {
      const { set, finish } = joinSet();
      const finishAll = (): void => {
        for (let i = 0; i < MEMBERS; i++) finish(i);
      };
      const values = Array.from({ length: MEMBERS }, (_, i) => i);
      return {
        ...eventOf(finishAll, (options) => joinAll(set, options), values),
        end: () => set[Symbol.asyncDispose](),
      };
    },
  },
  {
    name: "spawnInto an ErrGroup",
    serves: "one",
    make() {
      const group = new ErrGroup({ limit: 1 });
      const ends = chan<void>();
      let begun = 0;
      const body = async (): Promise<void> => {
        begun++;
        await ends.recv();
      };
      group.trySpawn(body);
      return {
        op: (options) => spawnInto(group, body, options),
        serve: () => ends.trySend(undefined),
        // Whoever was cancelled has started nothing.
        read: () => begun,
        expected: (i) => i + 2,
        end: () => group[Symbol.asyncDispose](),
      };
    },
  },
  {
    name: "wait for an ErrGroup",
    serves: "all",
    make() {
      const group = new ErrGroup();
      const ends = chan<void>();
      group.trySpawn(() => recv(ends));
      return {
        ...eventOf(
          () => ends.trySend(undefined),
          (options) => wait(group, options),
        ),
        end: () => group[Symbol.asyncDispose](),
      };
    },
  },
  {
    name: "wait for a WaitGroup",
    serves: "all",
    make() {
      const group = new WaitGroup();
      group.add(1);
      return eventOf(
        () => group.done(),
        (options) => wait(group, options),
      );
    },
  },
  {
    name: "wait for a TaskTracker",
    serves: "all",
    make() {
      const tracker = new TaskTracker();
      const token = tracker.token();
      tracker.close();
      return eventOf(
        () => token[Symbol.dispose](),
        (options) => wait(tracker, options),
      );
    },
  },
];

/** How many tasks a set starts with: more than any contract takes. */
const MEMBERS = 3;

function joinSet(): { set: JoinSet<number>; finish: (n: number) => unknown } {
  const set = new JoinSet<number>();
  const ends = chan<number>();
  for (let i = 0; i < MEMBERS; i++) set.spawn(() => recv(ends));
  return { set, finish: (n) => ends.trySend(n) };
}

export const subjects: readonly Subject[] = [...channels, ...locks, ...times, ...tasks, ...groups];
