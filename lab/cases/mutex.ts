/** A hundred tasks that all want one lock, to add 1 to what it protects: released at once, or held for a turn of the run queue. */
import { lock, Mutex, spawn, type Task, yieldNow } from "gokio";
import { check, type Row, rate } from "../case.ts";

const TASKS = 100;
const EACH = 20_000;
const COUNT = TASKS * EACH;
const EACH_HELD = 5000;

async function generators(): Promise<number> {
  return rate(COUNT, async () => {
    const total = new Mutex(0);
    const tasks = Array.from({ length: TASKS }, () =>
      spawn(function* (): Task<void> {
        for (let i = 0; i < EACH; i++) {
          const guard = yield* lock(total);
          guard.value++;
          guard[Symbol.dispose]();
        }
      }),
    );
    await Promise.all(tasks);
    check(total.tryLock()?.value === COUNT, "an increment was lost");
  });
}

async function held(): Promise<number> {
  return rate(TASKS * EACH_HELD, async () => {
    const total = new Mutex(0);
    const tasks = Array.from({ length: TASKS }, () =>
      spawn(function* (): Task<void> {
        for (let i = 0; i < EACH_HELD; i++) {
          const guard = yield* lock(total);
          const before = guard.value;
          yield* yieldNow();
          guard.value = before + 1;
          guard[Symbol.dispose]();
        }
      }),
    );
    await Promise.all(tasks);
    check(total.tryLock()?.value === TASKS * EACH_HELD, "an increment was lost");
  });
}

async function asyncs(): Promise<number> {
  return rate(COUNT, async () => {
    const total = new Mutex(0);
    const tasks = Array.from({ length: TASKS }, () =>
      spawn(async () => {
        for (let i = 0; i < EACH; i++) {
          const guard = await total.lock();
          guard.value++;
          guard[Symbol.dispose]();
        }
      }),
    );
    await Promise.all(tasks);
    check(total.tryLock()?.value === COUNT, "an increment was lost");
  });
}

interface Peer {
  readonly Mutex: new () => { acquire(): Promise<() => void> };
}

async function asyncMutex(): Promise<number | undefined> {
  // A name the compiler cannot follow: the peer need not be installed.
  const peer = "async-mutex";
  const library = await import(peer).then(
    (module: Peer) => module,
    () => undefined,
  );
  if (library === undefined) return undefined;
  return rate(COUNT, async () => {
    const mutex = new library.Mutex();
    let total = 0;
    const tasks = Array.from({ length: TASKS }, async () => {
      for (let i = 0; i < EACH; i++) {
        const release = await mutex.acquire();
        total++;
        release();
      }
    });
    await Promise.all(tasks);
    check(total === COUNT, "an increment was lost");
  });
}

const common = { work: "mutex, 100 tasks contend", unit: "M/s", peers: { go: "37+", tokio: "16 / 15" } } as const;

export const mutex: readonly Row[] = [
  { ...common, by: "generators", run: generators, target: { atLeast: 8 } },
  { ...common, by: "async", run: asyncs, target: { atLeast: 10, times: "async-mutex" } },
  { work: common.work, unit: common.unit, by: "async-mutex", run: asyncMutex },
  { work: "mutex held for a turn, 100 tasks", by: "generators", unit: "M/s", run: held },
];
