/** A million parked tasks, each handed a message, until the last of them has run. */
import { chan, recv, sleep, spawn, type Task } from "gokio";
import { check, elapsed, type Row } from "../case.ts";

const TASKS = 1_000_000;

async function generators(): Promise<number> {
  let sum = 0;
  const ch = chan<number>();
  const done = chan<void>(1);
  let woken = 0;
  function* sleeper(): Task<void> {
    const one = yield* recv(ch);
    sum += one;
    if (++woken === TASKS) done.trySend(undefined);
  }
  for (let i = 0; i < TASKS; i++) spawn(sleeper);
  await sleep(10);
  const ms = await elapsed(async () => {
    for (let i = 0; i < TASKS; i++) check(ch.trySend(1), `task ${i} was not parked`);
    await done.recv();
  });
  check(sum === TASKS, `${sum} tasks got a message`);
  return ms;
}

export const wake: readonly Row[] = [
  {
    work: "wake 10⁶ parked tasks",
    by: "generators",
    unit: "ms",
    warmUps: 0,
    run: generators,
    peers: { go: "452", tokio: "376 / 283" },
    target: { atMost: 283 },
  },
];
