/**
 * One loop that selects over four channels.
 *
 * The `Select` is made once and waited for again and again, as the example in ts-chan's README does ("Select class"): the cases need not be made anew.
 * For `select-anew` they are.
 *
 * @module
 */
import { type Chan, recv, Select } from "ts-chan";
import { CHANNELS } from "../../../contestant/numbers.ts";
import { timed, type Work } from "../../../contestant/program.ts";
import type { Make } from "./channels.ts";

const CAPACITY = 64;

export function select(make: Make, unsafe: boolean): Work {
  return selecting(make, (channels) => {
    const any = selectOver(channels, unsafe);
    return () => any;
  });
}

export function selectAnew(make: Make, unsafe: boolean): Work {
  return selecting(make, (channels) => () => selectOver(channels, unsafe));
}

function selectOver(channels: readonly Chan<number>[], unsafe: boolean) {
  const any = new Select(channels.map((ch) => recv(ch)));
  any.unsafe = unsafe;
  return any;
}

/** `over` gives what is waited with: called once for the channels, and what it gives for each number. */
function selecting(make: Make, over: (channels: Chan<number>[]) => () => ReturnType<typeof selectOver>): Work {
  return (size) =>
    timed(async () => {
      const each = Math.floor(size / CHANNELS);
      const channels = Array.from({ length: CHANNELS }, () => make<number>(CAPACITY));
      const filled = channels.map(async (ch) => {
        for (let n = 0; n < each; n++) await ch.send(n);
      });
      const next = over(channels);
      let sum = 0;
      for (let i = 0; i < each * CHANNELS; i++) {
        const any = next();
        const ready = any.cases[await any.wait()];
        if (ready === undefined) throw new Error("no case is ready");
        sum += any.recv(ready).value as number;
      }
      await Promise.all(filled);
      return sum;
    });
}
