/** Request and response: a task for each request, which answers by a oneshot. */
import { type OneshotSender, oneshot, recv, spawn, type Task } from "gokio";
import { type Sample, timed } from "../contestant/program.ts";

/** Declared once, for the reason told in spawn-join.ts. */
function* answer(i: number, tx: OneshotSender<number>): Task<void> {
  tx.send(i + 1);
}

export function generators(size: number): Promise<Sample> {
  return timed(() =>
    spawn(function* (): Task<number> {
      let sum = 0;
      for (let i = 0; i < size; i++) {
        const [tx, rx] = oneshot<number>();
        spawn(answer(i, tx));
        sum += yield* recv(rx);
      }
      return sum;
    }),
  );
}

export function asyncs(size: number): Promise<Sample> {
  return timed(() =>
    spawn(async () => {
      let sum = 0;
      for (let i = 0; i < size; i++) {
        const [tx, rx] = oneshot<number>();
        spawn(async () => {
          tx.send(i + 1);
        });
        sum += await rx.recv();
      }
      return sum;
    }),
  );
}
