/** gokio, in its two flavours: what each can do. */
import type { Contestant, Work } from "../contestant/program.ts";
import * as broadcast from "./broadcast.ts";
import * as buffered from "./buffered.ts";
import * as cancelTree from "./cancel-tree.ts";
import * as empty from "./empty.ts";
import * as headline from "./headline.ts";
import * as mapConcurrent from "./map-concurrent.ts";
import * as mutex from "./mutex.ts";
import * as mutexHeld from "./mutex-held.ts";
import * as oneshot from "./oneshot.ts";
import * as parkedMemory from "./parked-memory.ts";
import * as parkedTask from "./parked-task.ts";
import * as pingPong from "./ping-pong.ts";
import * as pipeline from "./pipeline.ts";
import * as rendezvous from "./rendezvous.ts";
import * as select from "./select.ts";
import * as selectAnew from "./select-anew.ts";
import * as semaphore from "./semaphore.ts";
import * as sieve from "./sieve.ts";
import * as spawnJoin from "./spawn-join.ts";
import * as streamAsync from "./stream-async.ts";
import * as streamLoop from "./stream-loop.ts";
import * as streamSync from "./stream-sync.ts";
import * as timeout from "./timeout.ts";
import * as timerFlood from "./timer-flood.ts";
import * as timers from "./timers.ts";
import * as wake from "./wake.ts";
import * as watch from "./watch.ts";

interface Flavours {
  readonly generators?: Work;
  readonly asyncs?: Work;
}

const workloads: Readonly<Record<string, Flavours>> = {
  headline,
  empty,
  rendezvous,
  buffered,
  "ping-pong": pingPong,
  "spawn-join": spawnJoin,
  oneshot,
  select,
  "select-anew": selectAnew,
  timers,
  timeout,
  mutex,
  "mutex-held": mutexHeld,
  semaphore,
  broadcast,
  watch,
  "stream-sync": streamSync,
  "stream-async": streamAsync,
  "stream-loop": streamLoop,
  "map-concurrent": mapConcurrent,
  sieve,
  pipeline,
  wake,
  "cancel-tree": cancelTree,
  "parked-memory": parkedMemory,
  "parked-task": parkedTask,
  "timer-flood": timerFlood,
};

/** The contestants, by flavour. */
export const flavours: Readonly<Record<string, Contestant>> = {
  generator: flavour("generators"),
  async: flavour("asyncs"),
};

function flavour(name: keyof Flavours): Contestant {
  const entries = Object.entries(workloads).flatMap(([id, work]) => (work[name] ? [[id, work[name]] as const] : []));
  return Object.fromEntries(entries);
}
