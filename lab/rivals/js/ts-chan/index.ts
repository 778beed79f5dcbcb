/**
 * ts-chan 0.6, in two ways: as it comes, and `unsafe`.
 *
 * As it comes, each send and receive lets the event loop go round now and then, so that timers and I/O are not starved; so does gokio. Its author's own
 * benchmark of throughput switches that off with `setUnsafe(true)` (ts-chan, examples/pattern-fan-in-multiplex-log-streams/index.js), which is several times as fast;
 * its README calls what may happen then a footgun. Both are shown.
 *
 * Missing: what it has nothing for, such as locks, broadcasts, timers and streams. `wake`: who waits for a channel is kept in an array that is
 * shifted, so that waking takes quadratic time, and a million would take many minutes. `timer-flood` when unsafe: no timer would ever fire.
 *
 * @module
 */
import { Chan } from "ts-chan";
import { nothingDone } from "../../../contestant/memory.ts";
import type { Contestant } from "../../../contestant/program.ts";
import { buffered, type Make, pingPong, pipeline, rendezvous, sieve, timeout } from "./channels.ts";
import { headline } from "./headline.ts";
import { select, selectAnew } from "./select.ts";
import { oneshot, parkedMemory, parkedTask, timerFlood } from "./tasks.ts";

const safe: Make = (capacity) => new Chan(capacity);
const unsafe: Make = (capacity) => new Chan<never>(capacity).setUnsafe(true);

export const contestant: Contestant = { ...withChannels(safe, false), "timer-flood": timerFlood(safe) };
export const unsafeContestant: Contestant = withChannels(unsafe, true);

function withChannels(make: Make, isUnsafe: boolean): Contestant {
  return {
    headline: headline(make),
    empty: nothingDone,
    rendezvous: rendezvous(make),
    buffered: buffered(make),
    "ping-pong": pingPong(make),
    oneshot: oneshot(make),
    select: select(make, isUnsafe),
    "select-anew": selectAnew(make, isUnsafe),
    timeout: timeout(make),
    sieve: sieve(make),
    pipeline: pipeline(make),
    "parked-memory": parkedMemory(make),
    "parked-task": parkedTask(make),
  };
}
