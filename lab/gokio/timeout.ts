/** One task asks another, and waits for each answer with a limit. */
import { chan, recv, send, spawn, type Task, timeout } from "gokio";
import { PATIENCE } from "../contestant/numbers.ts";
import { type Sample, timed } from "../contestant/program.ts";

export function generators(size: number): Promise<Sample> {
  return timed(async () => {
    const questions = chan<number>();
    const answers = chan<number>();
    spawn(function* (): Task<void> {
      for (let i = 0; i < size; i++) yield* send(answers, (yield* recv(questions)) + 1);
    });
    return await spawn(function* (): Task<number> {
      let sum = 0;
      for (let i = 0; i < size; i++) {
        yield* send(questions, i);
        sum += yield* timeout(PATIENCE, recv(answers));
      }
      return sum;
    });
  });
}

export function asyncs(size: number): Promise<Sample> {
  return timed(async () => {
    const questions = chan<number>();
    const answers = chan<number>();
    spawn(async () => {
      for (let i = 0; i < size; i++) await answers.send((await questions.recv()) + 1);
    });
    return await spawn(async () => {
      let sum = 0;
      for (let i = 0; i < size; i++) {
        await questions.send(i);
        sum += await timeout(PATIENCE, recv(answers));
      }
      return sum;
    });
  });
}
