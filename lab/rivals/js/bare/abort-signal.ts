/**
 * `AbortController`, `AbortSignal.any` and `AbortSignal.timeout`, as Node has them.
 *
 * A child that can be cancelled alone, or with its parent, is a controller of its own whose signal is combined with the parent's; `AbortSignal.any` is what the platform's documentation gives
 * for that. Here the children are never cancelled alone, so each is the combined signal only, which is less work.
 *
 * A limit on a wait is a signal made by `AbortSignal.timeout`, to which whoever waits listens for so long. Its timer can't be taken back: the collector does
 * that, some time after.
 *
 * @module
 */
import { nothingDone } from "../../../contestant/memory.ts";
import { PATIENCE } from "../../../contestant/numbers.ts";
import { type Contestant, timed } from "../../../contestant/program.ts";

export const contestant: Contestant = {
  empty: nothingDone,
  "cancel-tree": (size) =>
    timed(() => {
      const parent = new AbortController();
      const children: AbortSignal[] = [];
      for (let i = 0; i < size; i++) children.push(AbortSignal.any([parent.signal]));
      parent.abort();
      let told = 0;
      for (const child of children) if (child.aborted) told++;
      return told;
    }),
  timeout: (size) =>
    timed(async () => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += await asked(i, AbortSignal.timeout(PATIENCE));
      return sum;
    }),
};

function asked(question: number, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    const onAnswer = (n: number): void => {
      signal.removeEventListener("abort", onAbort);
      resolve(n);
    };
    void answer(question, onAnswer);
  });
}

async function answer(question: number, to: (answer: number) => void): Promise<void> {
  await undefined;
  to(question + 1);
}
