/**
 * RxJS 7: streams, which is what it is for. It has no tasks, channels or locks, and its observables can't be gone through by a loop.
 *
 * The shape is that of its own micro-benchmarks (rxjs, perf/micro/current-thread-scheduler/operators/filter.js and map.js): a `range` through operators made of plain functions, subscribed
 * to without a scheduler, which is the quickest: all is passed on synchronously. `reduce` and `lastValueFrom` are how its documentation gets one result out. `mergeMap` takes the number that may run
 * at once as its last argument.
 *
 * @module
 */
import { count, filter, from, lastValueFrom, map, mergeMap, range, reduce, take, timer } from "rxjs";
import { nothingDone } from "../../contestant/memory.ts";
import { AT_ONCE, add, increment, isEven, NAP } from "../../contestant/numbers.ts";
import { type Contestant, timed } from "../../contestant/program.ts";
import { besideOneTimer } from "../../contestant/rounds.ts";

async function* numbers(size: number): AsyncGenerator<number> {
  for (let n = 0; n < size; n++) yield n;
}

export const contestant: Contestant = {
  empty: nothingDone,
  "stream-sync": (size) =>
    timed(() => lastValueFrom(range(0, size).pipe(filter(isEven), map(increment), take(size / 2), reduce(add, 0)))),
  "stream-async": (size) =>
    timed(() => lastValueFrom(from(numbers(size)).pipe(filter(isEven), map(increment), reduce(add, 0)))),
  "map-concurrent": (size) =>
    besideOneTimer(
      size,
      () => lastValueFrom(timer(NAP)),
      () =>
        lastValueFrom(
          range(0, size).pipe(
            mergeMap(() => timer(NAP), AT_ONCE),
            count(),
          ),
        ),
    ),
};
