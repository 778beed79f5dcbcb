/** Every row of the benchmark, in the order they are printed. */
import type { Row } from "../case.ts";
import { broadcasts } from "./broadcast.ts";
import { buffered } from "./buffered.ts";
import { cancelTree } from "./cancel-tree.ts";
import { mapConcurrent } from "./map-concurrent.ts";
import { mutex } from "./mutex.ts";
import { parkedHeap } from "./parked-heap.ts";
import { pingPong } from "./ping-pong.ts";
import { primeSieve } from "./prime-sieve.ts";
import { rendezvous } from "./rendezvous.ts";
import { selectFour } from "./select-four.ts";
import { spawnJoin } from "./spawn-join.ts";
import { streamAsync } from "./stream-async.ts";
import { streamSync } from "./stream-sync.ts";
import { timers } from "./timers.ts";
import { wake } from "./wake.ts";

export const rows: readonly Row[] = [
  ...rendezvous,
  ...buffered,
  ...pingPong,
  ...spawnJoin,
  ...selectFour,
  ...timers,
  ...mutex,
  ...broadcasts,
  ...streamSync,
  ...streamAsync,
  ...mapConcurrent,
  ...primeSieve,
  ...parkedHeap,
  ...wake,
  ...cancelTree,
];
