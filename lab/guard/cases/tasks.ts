/** Tasks that are started and joined, and the wait for one of several things. */
import { chan, join, recv, select, spawn, type Task, timeout, yieldNow } from "gokio";
import { type Flavours, type Repeated, repeated } from "../case.ts";

function* one(): Task<number> {
  return 1;
}

async function oneAsync(): Promise<number> {
  return 1;
}

/** The function is the same each time, as in a server that starts a task for each request. */
const spawnAndJoin: Flavours = {
  generator: (count) =>
    spawn(function* (): Task<number> {
      let joined = 0;
      for (let i = 0; i < count; i++) joined += yield* join(spawn(one));
      return joined;
    }),
  async: (count) =>
    spawn(async () => {
      let joined = 0;
      for (let i = 0; i < count; i++) joined += await spawn(oneAsync);
      return joined;
    }),
};

const CHANNELS = 4;

/** A select over four channels is made anew each time, as programs do it, and the channels take turns in having something. */
function fourChannels(capacity: number) {
  const all = Array.from({ length: CHANNELS }, () => chan<number>(capacity));
  const [a, b, c, d] = all as [(typeof all)[0], (typeof all)[0], (typeof all)[0], (typeof all)[0]];
  return {
    any: () => select({ a: recv(a), b: recv(b), c: recv(c), d: recv(d) }),
    /** `false` if there is neither room in the channel nor somebody who waits. */
    fill: (n: number): boolean => (all[n % CHANNELS] as (typeof all)[0]).trySend(n),
  };
}

const selectReady: Flavours = {
  generator: (count) =>
    spawn(function* (): Task<number> {
      const { any, fill } = fourChannels(1);
      let taken = 0;
      while (taken < count && fill(taken)) {
        yield* any();
        taken++;
      }
      return taken;
    }),
  async: (count) =>
    spawn(async () => {
      const { any, fill } = fourChannels(1);
      let taken = 0;
      while (taken < count && fill(taken)) {
        await any();
        taken++;
      }
      return taken;
    }),
};

const selectParked: Flavours = {
  generator: (count) => {
    const { any, fill } = fourChannels(0);
    spawn(function* (): Task<void> {
      for (let n = 0; n < count; ) {
        if (fill(n)) n++;
        yield* yieldNow();
      }
    });
    return spawn(function* (): Task<number> {
      let taken = 0;
      for (; taken < count; taken++) yield* any();
      return taken;
    });
  },
  async: (count) => {
    const { any, fill } = fourChannels(0);
    spawn(async () => {
      for (let n = 0; n < count; ) {
        if (fill(n)) n++;
        await yieldNow();
      }
    });
    return spawn(async () => {
      let taken = 0;
      for (; taken < count; taken++) await any();
      return taken;
    });
  },
};

/** A limit on a wait that is over soon: a timer that is set and taken back, as most are. */
const limited: Flavours = {
  generator: (count) =>
    spawn(function* (): Task<number> {
      let done = 0;
      for (; done < count; done++) yield* timeout(60_000, yieldNow());
      return done;
    }),
  async: (count) =>
    spawn(async () => {
      let done = 0;
      for (; done < count; done++) await timeout(60_000, yieldNow());
      return done;
    }),
};

export const tasks: readonly Repeated[] = [
  ...repeated("spawn and join", spawnAndJoin),
  ...repeated("select over 4, one ready", selectReady),
  ...repeated("select over 4, parked", selectParked),
  ...repeated("timeout around a wait", limited),
];
