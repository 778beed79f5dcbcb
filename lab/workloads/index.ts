/** Every workload, in the order of the report. */
import { broadcast } from "./broadcast.ts";
import { buffered } from "./buffered.ts";
import { cancelTree } from "./cancel-tree.ts";
import { empty } from "./empty.ts";
import { headline } from "./headline.ts";
import { mapConcurrent } from "./map-concurrent.ts";
import { mutex } from "./mutex.ts";
import { mutexHeld } from "./mutex-held.ts";
import { oneshot } from "./oneshot.ts";
import { parkedMemory } from "./parked-memory.ts";
import { parkedTask } from "./parked-task.ts";
import { pingPong } from "./ping-pong.ts";
import { pipeline } from "./pipeline.ts";
import { rendezvous } from "./rendezvous.ts";
import { select } from "./select.ts";
import { selectAnew } from "./select-anew.ts";
import { semaphore } from "./semaphore.ts";
import { sieve } from "./sieve.ts";
import { spawnJoin } from "./spawn-join.ts";
import { streamAsync } from "./stream-async.ts";
import { streamLoop } from "./stream-loop.ts";
import { streamSync } from "./stream-sync.ts";
import { timeout } from "./timeout.ts";
import { timerFlood } from "./timer-flood.ts";
import { timers } from "./timers.ts";
import { wake } from "./wake.ts";
import { watch } from "./watch.ts";
import type { Workload } from "./workload.ts";

export const workloads: readonly Workload[] = [
  headline,
  empty,
  rendezvous,
  buffered,
  pingPong,
  spawnJoin,
  oneshot,
  select,
  selectAnew,
  timers,
  timeout,
  mutex,
  mutexHeld,
  semaphore,
  broadcast,
  watch,
  streamSync,
  streamAsync,
  streamLoop,
  mapConcurrent,
  sieve,
  pipeline,
  wake,
  cancelTree,
  parkedMemory,
  parkedTask,
  timerFlood,
];
