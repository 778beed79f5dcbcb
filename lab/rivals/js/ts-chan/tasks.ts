/**
 * Async functions that answer, that wait, and that keep the thread busy.
 *
 * ts-chan has no tasks of its own: an async function that is called is one, as in all of its examples. A oneshot is a channel with a buffer of one, as its
 * model, Go, has it.
 *
 * @module
 */
import type { Chan } from "ts-chan";
import { MAILBOX } from "../../../contestant/actors.ts";
import { Histogram } from "../../../contestant/histogram.ts";
import { parked } from "../../../contestant/memory.ts";
import { type Sample, timed, type Work } from "../../../contestant/program.ts";
import { type Make, received } from "./channels.ts";

export function oneshot(make: Make): Work {
  return (size) =>
    timed(async () => {
      const answer = (i: number, to: Chan<number>): Promise<void> => to.send(i + 1);
      let sum = 0;
      for (let i = 0; i < size; i++) {
        const response = make<number>(1);
        void answer(i, response);
        sum += await received<number>(response);
      }
      return sum;
    });
}

export function parkedMemory(make: Make): Work {
  return (size) => weigh(size, () => make<number>(MAILBOX));
}

export function parkedTask(make: Make): Work {
  return (size) => {
    const common = make<number>();
    return weigh(size, () => common);
  };
}

async function weigh(size: number, mailboxOf: () => Chan<number>): Promise<Sample> {
  const mailboxes: Chan<number>[] = [];
  const receivers: Promise<void>[] = [];
  let woken = 0;
  const receive = async (mailbox: Chan<number>): Promise<void> => {
    const one = await received<number>(mailbox);
    woken += one;
  };
  return parked(
    size,
    async () => {
      for (let i = 0; i < size; i++) {
        const mailbox = mailboxOf();
        mailboxes.push(mailbox);
        // It runs up to its receive at once.
        receivers.push(receive(mailbox));
      }
    },
    async () => {
      for (const mailbox of mailboxes) await mailbox.send(1);
      await Promise.all(receivers);
      return woken;
    },
  );
}

export function timerFlood(make: Make): Work {
  return async (sleeps) => {
    const numbers = make<number>(64);
    let over = false;
    const flood = [
      (async () => {
        for (let n = 0; !over; n++) await numbers.send(n);
        numbers.close();
      })(),
      (async () => {
        for await (const _ of numbers);
      })(),
    ];
    const lateness = new Histogram();
    const sample = await timed(async () => {
      for (let i = 0; i < sleeps; i++) {
        const asleep = performance.now();
        await new Promise((resolve) => setTimeout(resolve, 1));
        lateness.record(performance.now() - asleep - 1);
      }
      return lateness.count;
    });
    over = true;
    await Promise.all(flood);
    return { ...sample, values: { p50: lateness.quantile(0.5), p99: lateness.quantile(0.99), max: lateness.max } };
  };
}
