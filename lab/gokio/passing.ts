/** A sender and a receiver: what `rendezvous` and `buffered` have in common, which is all but the capacity. */
import { chan, recv, send, spawn, type Task } from "gokio";
import { timed, type Work } from "../contestant/program.ts";

export function passing(capacity: number): { readonly generators: Work; readonly asyncs: Work } {
  return {
    generators: (size) =>
      timed(async () => {
        const numbers = chan<number>(capacity);
        spawn(function* (): Task<void> {
          for (let n = 0; n < size; n++) yield* send(numbers, n);
        });
        return await spawn(function* (): Task<number> {
          let sum = 0;
          for (let i = 0; i < size; i++) sum += yield* recv(numbers);
          return sum;
        });
      }),
    asyncs: (size) =>
      timed(async () => {
        const numbers = chan<number>(capacity);
        spawn(async () => {
          for (let n = 0; n < size; n++) await numbers.send(n);
        });
        return await spawn(async () => {
          let sum = 0;
          for (let i = 0; i < size; i++) sum += await numbers.recv();
          return sum;
        });
      }),
  };
}
