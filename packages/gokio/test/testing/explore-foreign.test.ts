/**
 * Whatever async code of the library's own can be waited for is no foreign wait, and can be explored.
 *
 * @module
 */
import { describe, test } from "vitest";
import {
  Barrier,
  CancellationToken,
  Condvar,
  Context,
  chan,
  DelayQueue,
  ErrGroup,
  interval,
  JoinSet,
  Mutex,
  mapConcurrent,
  Notify,
  OnceCell,
  RateLimiter,
  RwLock,
  recv,
  retry,
  runIn,
  Semaphore,
  SingleFlight,
  Stream,
  scope,
  select,
  shield,
  sleep,
  spawn,
  TaskTracker,
  task,
  timeout,
  WaitGroup,
  yieldNow,
} from "../../src/index.ts";
import { explore, random } from "../../src/testing/index.ts";

function check(condition: boolean): void {
  if (!condition) throw new Error("not as expected");
}

const programs: Record<string, () => Promise<void>> = {
  scope: async () => {
    await scope(async (s) => {
      s.spawn(async () => sleep(1));
      s.spawn(async () => sleep(2));
      await sleep(1);
    });
  },
  "a scope's failure": async () => {
    await scope(async (s) => {
      s.spawn(async () => {
        await sleep(1);
        throw new RangeError("child");
      });
      await sleep(60_000);
    }).then(undefined, (error) => check(error instanceof RangeError));
  },
  timeout: async () => {
    await timeout(5, async () => sleep(10)).then(undefined, (error) => check(error.name === "TimeoutError"));
    await timeout(50, async () => sleep(10));
  },
  shield: async () => {
    const handle = spawn(async () => {
      await shield(async () => sleep(10));
      await sleep(10);
    });
    await sleep(1);
    handle.abort();
    check((await handle.settled()).status === "aborted");
  },
  "runIn and contexts": async () => {
    using ctx = Context.background.withTimeout(5);
    await runIn(ctx, async () => sleep(10)).then(undefined, (error) => check(error.name === "TimeoutError"));
  },
  ErrGroup: async () => {
    await using group = new ErrGroup({ limit: 1 });
    await group.spawn(async () => sleep(1));
    await group.spawn(async () => sleep(1));
    await group.wait();
  },
  JoinSet: async () => {
    await using set = new JoinSet<number>();
    for (const n of [1, 2, 3]) {
      set.spawn(async () => {
        await sleep(n);
        return n;
      });
    }
    let sum = 0;
    for await (const ended of set) if (ended.status === "ok") sum += ended.value;
    check(sum === 6);
  },
  "WaitGroup, TaskTracker": async () => {
    const group = new WaitGroup();
    group.go(async () => sleep(1));
    await group.wait();
    const tracker = new TaskTracker();
    tracker.spawn(async () => sleep(1));
    tracker.close();
    await tracker.wait();
  },
  mapConcurrent: async () => {
    const doubled = await mapConcurrent([1, 2, 3], 2, async (n) => {
      await yieldNow();
      return 2 * n;
    });
    check(doubled.join() === "2,4,6");
  },
  retry: async () => {
    let calls = 0;
    await retry(async () => {
      await yieldNow();
      if (++calls < 3) throw new Error("again");
    });
    check(calls === 3);
  },
  "locks with bodies": async () => {
    const mutex = new Mutex(0);
    const both = new RwLock(0);
    const one = new Semaphore(1);
    const work = async (): Promise<void> => {
      await mutex.with(async (guard) => {
        const seen = guard.value;
        await yieldNow();
        guard.value = seen + 1;
      });
      using _ = await both.write();
      await one.with(async () => yieldNow());
    };
    await Promise.all([spawn(work), spawn(work)]);
    check((await mutex.lock()).value === 2);
  },
  Condvar: async () => {
    const items = new Mutex<number[]>([]);
    const filled = new Condvar();
    const consumer = spawn(async () =>
      items.with(async (guard) => {
        await filled.waitWhile(guard, (all) => all.length === 0);
        return guard.value.shift();
      }),
    );
    await items.with((guard) => guard.value.push(7));
    filled.notifyOne();
    check((await consumer) === 7);
  },
  "Notify, Barrier": async () => {
    const notify = new Notify();
    const barrier = new Barrier(2);
    const other = spawn(async () => {
      await notify.notified();
      await barrier.wait();
    });
    notify.notifyOne();
    await barrier.wait();
    await other;
  },
  "OnceCell, SingleFlight": async () => {
    const cell = new OnceCell<number>();
    const flight = new SingleFlight<string, number>();
    const get = async (): Promise<number> => {
      const one = await cell.getOrInit(async () => {
        await sleep(1);
        return 1;
      });
      return (
        one +
        (await flight.do("k", async () => {
          await sleep(1);
          return 2;
        }))
      );
    };
    const all = await Promise.all([spawn(get), spawn(get)]);
    check(all.join() === "3,3");
  },
  "RateLimiter, interval, DelayQueue": async () => {
    const limiter = new RateLimiter({ limit: 1, per: 10 });
    await limiter.acquire();
    await limiter.acquire();
    const ticks = interval(5);
    await ticks.tick();
    await ticks.tick();
    const queue = new DelayQueue<string>();
    queue.insert("late", 10);
    queue.insert("soon", 5);
    let got = "";
    for await (const item of queue) {
      got += item;
      if (got.endsWith("late")) break;
    }
    check(got === "soonlate");
  },
  streams: async () => {
    const ch = chan<number>(1);
    const sender = spawn(async () => {
      for (const n of [1, 2, 3, 4]) await ch.send(n);
      ch.close();
    });
    const sum = await Stream.from(ch)
      .map((n) => n * 2)
      .mapConcurrent(2, async (n) => {
        await yieldNow();
        return n;
      })
      .reduce((a, b) => a + b, 0);
    check(sum === 20);
    await sender;
    let seen = 0;
    for await (const n of Stream.from([1, 2, 3])) seen += n;
    check(seen === 6);
  },
  "select with work that loses": async () => {
    const token = new CancellationToken();
    const ch = chan<number>();
    let isClean = false;
    const body = async (): Promise<void> => {
      try {
        await sleep(100, { signal: token });
      } finally {
        await shield(async () => sleep(1));
        isClean = true;
      }
    };
    const sender = spawn(async () => {
      await sleep(5);
      await ch.send(1);
    });
    const won = await select({ work: task(body), value: recv(ch) });
    check(won.key === "value" && isClean);
    await sender;
  },
};

describe("can be explored", () => {
  test.each(Object.entries(programs))("%s", async (_name, body) => {
    await explore(body, { strategy: random({ schedules: 40 }) });
  });
});
