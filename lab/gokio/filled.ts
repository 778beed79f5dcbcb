/** Four channels, each filled by a task of its own: what `select` and `select-anew` choose from. */
import { type Chan, chan, send, spawn, type Task } from "gokio";

const CAPACITY = 64;

export type Channels = readonly [Chan<number>, Chan<number>, Chan<number>, Chan<number>];

export function filledByGenerators(each: number): Channels {
  function* fill(ch: Chan<number>): Task<void> {
    for (let n = 0; n < each; n++) yield* send(ch, n);
  }
  return filled((ch) => void spawn(fill(ch)));
}

export function filledByAsyncs(each: number): Channels {
  async function fill(ch: Chan<number>): Promise<void> {
    for (let n = 0; n < each; n++) await ch.send(n);
  }
  return filled((ch) => void spawn(fill.bind(undefined, ch)));
}

function filled(start: (ch: Chan<number>) => void): Channels {
  const channels: Channels = [chan(CAPACITY), chan(CAPACITY), chan(CAPACITY), chan(CAPACITY)];
  for (const ch of channels) start(ch);
  return channels;
}
