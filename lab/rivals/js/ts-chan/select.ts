/**
 * One loop that selects over four channels.
 *
 * The `Select` is made once and waited for again and again, as the example in ts-chan's README does ("Select class"): the cases need not be made anew.
 *
 * @module
 */
import { recv, Select } from "ts-chan";
import { CHANNELS } from "../../../contestant/numbers.ts";
import { timed, type Work } from "../../../contestant/program.ts";
import type { Make } from "./channels.ts";

const CAPACITY = 64;

export function select(make: Make, unsafe: boolean): Work {
  return (size) =>
    timed(async () => {
      const each = Math.floor(size / CHANNELS);
      const channels = Array.from({ length: CHANNELS }, () => make<number>(CAPACITY));
      const filled = channels.map(async (ch) => {
        for (let n = 0; n < each; n++) await ch.send(n);
      });
      const any = new Select(channels.map((ch) => recv(ch)));
      any.unsafe = unsafe;
      let sum = 0;
      for (let i = 0; i < each * CHANNELS; i++) {
        const ready = any.cases[await any.wait()];
        if (ready === undefined) throw new Error("no case is ready");
        sum += any.recv(ready).value as number;
      }
      await Promise.all(filled);
      return sum;
    });
}
