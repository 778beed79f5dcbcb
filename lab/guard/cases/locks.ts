/** A lock that is free, and one that others wait for; and tokens that are cancelled. */
import { CancellationToken, lock, Mutex, spawn, type Task, yieldNow } from "gokio";
import { type Flavours, type Repeated, repeated } from "../case.ts";

const uncontended: Flavours = {
  generator: async (count) => {
    const total = new Mutex(0);
    await spawn(function* (): Task<void> {
      for (let i = 0; i < count; i++) {
        const guard = yield* lock(total);
        guard.value++;
        guard[Symbol.dispose]();
      }
    });
    return total.tryLock()?.value ?? 0;
  },
  async: async (count) => {
    const total = new Mutex(0);
    await spawn(async () => {
      for (let i = 0; i < count; i++) {
        const guard = await total.lock();
        guard.value++;
        guard[Symbol.dispose]();
      }
    });
    return total.tryLock()?.value ?? 0;
  },
};

const CONTENDERS = 4;

/** Who has the lock gives way while holding it, so the others queue. */
const contended: Flavours = {
  generator: async (count) => {
    const total = new Mutex(0);
    const contenders = Array.from({ length: CONTENDERS }, () =>
      spawn(function* (): Task<void> {
        for (let i = 0; i < count / CONTENDERS; i++) {
          const guard = yield* lock(total);
          yield* yieldNow();
          guard.value++;
          guard[Symbol.dispose]();
        }
      }),
    );
    await Promise.all(contenders);
    return total.tryLock()?.value ?? 0;
  },
  async: async (count) => {
    const total = new Mutex(0);
    const contenders = Array.from({ length: CONTENDERS }, () =>
      spawn(async () => {
        for (let i = 0; i < count / CONTENDERS; i++) {
          const guard = await total.lock();
          await yieldNow();
          guard.value++;
          guard[Symbol.dispose]();
        }
      }),
    );
    await Promise.all(contenders);
    return total.tryLock()?.value ?? 0;
  },
};

const CHILDREN = 8;

/** Nobody waits here, so there is but one way to write it. */
function cancelChildren(count: number): number {
  let cancelled = 0;
  for (let i = 0; i < count; i++) {
    const parent = new CancellationToken();
    let last = parent;
    for (let c = 0; c < CHILDREN; c++) last = parent.child();
    parent.cancel();
    if (last.isCancelled) cancelled++;
  }
  return cancelled;
}

export const locks: readonly Repeated[] = [
  ...repeated("lock and unlock, alone", uncontended),
  ...repeated("lock and unlock, 4 contend", contended),
  ...repeated("cancel a token with 8 children", { sync: cancelChildren }),
];
