/**
 * `AbortController` and `AbortSignal.any`, as Node has them.
 *
 * A child that can be cancelled alone, or with its parent, is a controller of its own whose signal is combined with the parent's; `AbortSignal.any` is what the platform's documentation gives
 * for that. Here the children are never cancelled alone, so each is the combined signal only, which is less work.
 *
 * @module
 */
import { nothingDone } from "../../../contestant/memory.ts";
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
};
