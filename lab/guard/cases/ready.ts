/** Work that never has to wait: timers and I/O must have their turns all the same, and not too many. */
import { chan, recv, reduce, Stream, send, spawn, type Task } from "gokio";
import type { Flavours, Ready, Run } from "../case.ts";
import { pass } from "../clock.ts";

/** How long an operation takes, in milliseconds, if it takes any time. */
const SOME_TIME = 0.001;

function operations(ms: number): Flavours {
  return {
    generator: (count) =>
      spawn(function* (): Task<number> {
        const ch = chan<number>(1);
        let done = 0;
        for (; done < count; done += 2) {
          yield* send(ch, done);
          yield* recv(ch);
          pass(2 * ms);
        }
        return done;
      }),
    async: (count) =>
      spawn(async () => {
        const ch = chan<number>(1);
        let done = 0;
        for (; done < count; done += 2) {
          await ch.send(done);
          await ch.recv();
          pass(2 * ms);
        }
        return done;
      }),
  };
}

function items(ms: number): Run {
  return (count) => {
    const taking = (sum: number): number => {
      pass(ms);
      return sum + 1;
    };
    return spawn(function* (): Task<number> {
      return yield* reduce(Stream.range(0, count), taking, 0);
    });
  };
}

function readyFor(ms: number): Ready[] {
  const time = ms === 0 ? "no time" : `${1000 * ms} µs each`;
  const { generator, async } = operations(ms);
  const works: [string, number, Run | undefined][] = [
    ["10⁶ channel operations, generator", 1_000_000, generator],
    ["200,000 channel operations, async", 200_000, async],
    ["10⁶ stream items", 1_000_000, items(ms)],
  ];
  return works.map(([name, count, run]) => ({ kind: "ready", name: `${name}, ${time}`, count, run: run as Run }));
}

export const ready: readonly Ready[] = [...readyFor(0), ...readyFor(SOME_TIME)];
