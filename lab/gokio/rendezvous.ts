/** A sender and a receiver that meet for every number: a channel without a buffer. */
import { chan, recv, send, spawn, type Task } from "gokio";
import { type Sample, timed } from "../contestant/program.ts";

const CAPACITY = 0;

export function generators(size: number): Promise<Sample> {
  return timed(async () => {
    const numbers = chan<number>(CAPACITY);
    spawn(function* (): Task<void> {
      for (let n = 0; n < size; n++) yield* send(numbers, n);
    });
    return await spawn(function* (): Task<number> {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += yield* recv(numbers);
      return sum;
    });
  });
}

export function asyncs(size: number): Promise<Sample> {
  return timed(async () => {
    const numbers = chan<number>(CAPACITY);
    spawn(async () => {
      for (let n = 0; n < size; n++) await numbers.send(n);
    });
    return await spawn(async () => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += await numbers.recv();
      return sum;
    });
  });
}
