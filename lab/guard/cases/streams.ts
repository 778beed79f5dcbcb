/** An item through filter · map, from a source that has it at once and from one that is async. */
import { reduce, Stream, spawn, type Task } from "gokio";
import { type Flavours, type Repeated, repeated } from "../case.ts";

/** Items in a stream: many enough to be what counts, few enough for the end to be nothing special to the compiler. */
const LENGTH = 500;

async function* numbers(): AsyncGenerator<number> {
  for (let n = 0; n < LENGTH; n++) yield n;
}

/** Half of the items are left out. */
function through(source: Stream<number>): Stream<number> {
  return source.filter((n) => n % 2 === 0).map((n) => n + 1);
}

const countBoth = (sum: number): number => sum + 2;

function over(source: () => Stream<number>): Flavours {
  return {
    generator: (count) =>
      spawn(function* (): Task<number> {
        let done = 0;
        while (done < count) done = yield* reduce(through(source()), countBoth, done);
        return done;
      }),
    async: async (count) => {
      let done = 0;
      while (done < count) done = await through(source()).reduce(countBoth, done);
      return done;
    },
  };
}

const fromRange = over(() => Stream.range(0, LENGTH));
const fromAsync = over(() => Stream.from(numbers()));

export const streams: readonly Repeated[] = [
  ...repeated("stream item, filter · map", fromRange, 50_000),
  ...repeated("stream item, filter · map, async source", fromAsync),
];
