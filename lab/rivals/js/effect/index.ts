/**
 * Effect 4 (effect).
 *
 * Missing: `select`, see queues.ts; `cancel-tree`, for Effect cancels fibers and scopes, and has no token.
 *
 * @module
 */
import { Effect } from "effect";
import { nothingDone } from "../../../contestant/memory.ts";
import type { Contestant } from "../../../contestant/program.ts";
import { mapConcurrent, oneshot, spawnJoin } from "./fibers.ts";
import { headline } from "./headline.ts";
import { parkedMemory, parkedTask, timerFlood, timers, wake } from "./parked.ts";
import { broadcast, watch } from "./pubsub.ts";
import { buffered, pingPong, pipeline, rendezvous, sieve, timeout } from "./queues.ts";
import { mutex, mutexHeld, semaphore } from "./semaphores.ts";
import { streamAsync, streamLoop, streamSync } from "./streams.ts";

export const contestant: Contestant = {
  headline,
  empty: async () => {
    await Effect.runPromise(Effect.void);
    return nothingDone();
  },
  rendezvous,
  buffered,
  "ping-pong": pingPong,
  "spawn-join": spawnJoin,
  oneshot,
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
  "parked-memory": parkedMemory,
  "parked-task": parkedTask,
  "timer-flood": timerFlood,
};
