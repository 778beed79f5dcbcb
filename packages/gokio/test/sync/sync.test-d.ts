/** The types of the locks and their kin. */
import type { Operation } from "../../src/kernel/operation.ts";
import { select } from "../../src/select/select.ts";
import { acquire } from "../../src/sync/acquire.ts";
import { arrive, Barrier } from "../../src/sync/barrier.ts";
import { Condvar, waitOn, waitWhile } from "../../src/sync/condvar.ts";
import { holding } from "../../src/sync/holding.ts";
import { lock, Mutex, type MutexGuard } from "../../src/sync/mutex.ts";
import type { NameOptions } from "../../src/sync/named.ts";
import { Notify, notified } from "../../src/sync/notify.ts";
import { getOrInit, OnceCell } from "../../src/sync/once-cell.ts";
import type { Permit } from "../../src/sync/permit.ts";
import { RateLimiter } from "../../src/sync/rate-limiter.ts";
import type { ReadGuard, WriteGuard } from "../../src/sync/rw-guard.ts";
import { RwLock, read, write } from "../../src/sync/rw-lock.ts";
import { Semaphore } from "../../src/sync/semaphore.ts";
import { SingleFlight, share } from "../../src/sync/single-flight.ts";
import type { Task } from "../../src/task/body.ts";

type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;

export function* mutexTypes(): Task<void> {
  const mutex = new Mutex({ count: 1 });
  const same: Same<typeof mutex, Mutex<{ count: number }>> = true;
  const bare: Mutex<void> = new Mutex();
  const named: NameOptions = { name: "counter" };
  new Mutex(1, named);
  new Mutex(undefined, { name: "bare" });
  // @ts-expect-error The options come second.
  new Mutex<number>({ name: "counter" });
  // @ts-expect-error A name is a string.
  new Mutex(1, { name: 1 });
  // @ts-expect-error: a value of this type has to be given.
  new Mutex<number>();
  const maybe: Mutex<number | undefined> = new Mutex<number | undefined>(undefined);
  const guard: MutexGuard<{ count: number }> = yield* lock(mutex);
  const count: number = guard.value.count;
  guard.value = { count };
  // @ts-expect-error: the value has its type.
  guard.value = { count: "1" };
  const tried: MutexGuard<void> | undefined = bare.tryLock();
  const op: Operation<MutexGuard<number | undefined>> = lock(maybe);
  const inBody: number = yield* holding(lock(mutex), function* (held) {
    yield* lock(bare);
    return held.value.count;
  });
  const inAsync: string = yield* holding(lock(mutex), async (held) => String(held.value.count));
  // @ts-expect-error: a plain yield is no wait.
  holding(lock(mutex), function* () {
    yield 1;
  });
  // @ts-expect-error: what it gives has to be disposable.
  holding(notified(new Notify()), () => 1);
  // @ts-expect-error: no body may be an async generator.
  mutex.with(async function* () {});
  const never: Promise<never> = mutex.with(() => {
    throw new Error("this is a body, too");
  });
  yield* waitOn(new Condvar(), guard);
  yield* waitWhile(new Condvar(), guard, ({ count }) => count > 0);
  // @ts-expect-error: the predicate is given what the mutex protects.
  waitWhile(new Condvar(), guard, (value: string) => value === "");
  void [same, tried, op, inBody, inAsync, never];
}

export async function withTypes(): Promise<void> {
  const mutex = new Mutex("text");
  const plain: string = await mutex.with((guard) => guard.value);
  const awaited: number = await mutex.with(async (guard) => guard.value.length);
  const generated: boolean = await mutex.with(function* (guard) {
    yield* notified(new Notify());
    return guard.value === "";
  });
  const permits: number = await new Semaphore(1).with((permit) => permit.count, 1);
  const rw = new RwLock([1]);
  const sum: number = await rw.withRead((guard) => guard.value.length);
  await rw.withWrite((guard) => guard.value.push(1));
  // @ts-expect-error: a reader does not replace the value.
  await rw.withRead((guard) => (guard.value = []));
  void [plain, awaited, generated, permits, sum];
}

export function* otherTypes(): Task<void> {
  const permit: Permit = yield* acquire(new Semaphore(3), 2);
  const nothing: void = yield* acquire(new RateLimiter({ limit: 1 }));
  // @ts-expect-error: a limiter needs its limit.
  new RateLimiter({});
  const reader: ReadGuard<number> = yield* read(new RwLock(1));
  const writer: WriteGuard<number> = yield* write(new RwLock(1));
  const down: ReadGuard<number> = writer.downgrade();
  // @ts-expect-error: only a writer can go on as a reader.
  reader.downgrade();
  const { isLeader } = yield* arrive(new Barrier(1));
  isLeader satisfies boolean;
  // @ts-expect-error: read and write are for a RwLock.
  read(new Mutex(1));
  const won = yield* select({ lock: lock(new Mutex(1)), permit: acquire(new Semaphore(1)) });
  if (won.key === "lock") won.value.value satisfies number;
  else won.value.count satisfies number;
  void [permit, nothing, down];
}

export function* onceTypes(): Task<void> {
  const cell = new OnceCell<number>();
  const value: number = yield* getOrInit(cell, () => 1);
  const eager: Promise<number> = cell.getOrInit(async () => 2);
  const generated: Promise<number> = cell.getOrInit(function* () {
    yield* notified(new Notify());
    return 3;
  });
  const failing: Promise<number> = cell.getOrInit(() => {
    throw new Error("no value");
  });
  // @ts-expect-error: the value has the cell's type.
  cell.getOrInit(() => "1");
  // @ts-expect-error: also when it is waited for.
  cell.getOrInit(async () => "1");
  const maybe: number | undefined = cell.get();
  // @ts-expect-error: there may be none.
  const sure: number = cell.get();
  const flights = new SingleFlight<string, number>();
  const shared: number = yield* share(flights, "key", () => 1);
  const done: Promise<number> = flights.do("key", async () => 2);
  // @ts-expect-error: the key has its type.
  flights.do(1, () => 1);
  // @ts-expect-error: so has the result.
  share(flights, "key", () => "1");
  void [value, eager, generated, failing, maybe, sure, shared, done];
}
