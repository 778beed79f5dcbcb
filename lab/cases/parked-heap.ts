/** What a task that waits for a message costs: bytes of heap, with the public spawn, a real receive and no handle kept. */
import { type Chan, chan, recv, sleep, spawn, type Task } from "gokio";
import { check, heapUsed, type Row } from "../case.ts";

const TASKS = 100_000;
/** Before Node 24, AsyncLocalStorage keeps the ambient task in a slot of every promise. */
const ASYNC_LIMIT = Number(process.versions.node.split(".")[0]) < 24 ? 1050 : 750;

async function perTask(starter: (ch: Chan<number>, got: () => void) => () => void): Promise<number> {
  let received = 0;
  const ch = chan<number>();
  const start = starter(ch, () => void received++);
  const before = heapUsed();
  for (let i = 0; i < TASKS; i++) start();
  await sleep(1);
  const bytes = (heapUsed() - before) / TASKS;
  for (let i = 0; i < TASKS; i++) check(ch.trySend(i), `task ${i} was not parked`);
  while (received < TASKS) await sleep(1);
  return bytes;
}

async function generators(): Promise<number> {
  return perTask((ch, got) => {
    function* receive(): Task<void> {
      yield* recv(ch);
      got();
    }
    return () => void spawn(receive);
  });
}

async function asyncs(): Promise<number> {
  return perTask((ch, got) => {
    async function receive(): Promise<void> {
      await ch.recv();
      got();
    }
    return () => void spawn(receive);
  });
}

const common = {
  work: "heap per parked task",
  unit: "B",
  warmUps: 0,
  peers: { go: "2,731", tokio: "380 / 455", js: "Effect 460" },
} as const;

export const parkedHeap: readonly Row[] = [
  { ...common, by: "generators", run: generators, target: { atMost: 360 } },
  { ...common, by: "async", run: asyncs, target: { atMost: ASYNC_LIMIT } },
];
