/** One task sets a watched number again and again; others wait for it to change until they see the last. */
import { changed, spawn, type Task, type WatchReceiver, watch, yieldNow } from "gokio";
import { WATCHERS } from "../contestant/numbers.ts";
import { type Sample, timed } from "../contestant/program.ts";

export function generators(size: number): Promise<Sample> {
  return timed(async () => {
    const [tx, first] = watch(0);
    let violations = 0;
    function* follow(rx: WatchReceiver<number>): Task<number> {
      let last = 0;
      while (last < size) {
        yield* changed(rx);
        const n = rx.see();
        if (n <= last) violations++;
        last = n;
      }
      return last;
    }
    const watchers = Array.from({ length: WATCHERS }, () => {
      const rx = first.clone();
      return spawn(follow(rx), { move: rx });
    });
    spawn(
      function* (): Task<void> {
        for (let n = 1; n <= size; n++) {
          tx.send(n);
          yield* yieldNow();
        }
      },
      { move: [tx, first] },
    );
    let atEnd = 0;
    for (const watcher of watchers) if ((await watcher) === size) atEnd++;
    return `${atEnd}/${violations}`;
  });
}

export function asyncs(size: number): Promise<Sample> {
  return timed(async () => {
    const [tx, first] = watch(0);
    let violations = 0;
    async function follow(rx: WatchReceiver<number>): Promise<number> {
      let last = 0;
      while (last < size) {
        await rx.changed();
        const n = rx.see();
        if (n <= last) violations++;
        last = n;
      }
      return last;
    }
    const watchers = Array.from({ length: WATCHERS }, () => {
      const rx = first.clone();
      return spawn(follow.bind(undefined, rx), { move: rx });
    });
    spawn(
      async () => {
        for (let n = 1; n <= size; n++) {
          tx.send(n);
          await yieldNow();
        }
      },
      { move: [tx, first] },
    );
    let atEnd = 0;
    for (const watcher of watchers) if ((await watcher) === size) atEnd++;
    return `${atEnd}/${violations}`;
  });
}
