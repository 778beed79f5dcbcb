/** Two tasks that answer each other over two channels without a buffer. */
import { chan, recv, send, spawn, type Task } from "gokio";
import { type Sample, timed } from "../contestant/program.ts";

export function generators(trips: number): Promise<Sample> {
  return timed(async () => {
    const there = chan<number>();
    const back = chan<number>();
    spawn(function* (): Task<void> {
      for (let i = 0; i < trips; i++) yield* send(back, (yield* recv(there)) + 1);
    });
    return await spawn(function* (): Task<number> {
      let ball = 0;
      for (let i = 0; i < trips; i++) {
        yield* send(there, ball);
        ball = (yield* recv(back)) + 1;
      }
      return ball;
    });
  });
}

export function asyncs(trips: number): Promise<Sample> {
  return timed(async () => {
    const there = chan<number>();
    const back = chan<number>();
    spawn(async () => {
      for (let i = 0; i < trips; i++) await back.send((await there.recv()) + 1);
    });
    return await spawn(async () => {
      let ball = 0;
      for (let i = 0; i < trips; i++) {
        await there.send(ball);
        ball = (await back.recv()) + 1;
      }
      return ball;
    });
  });
}
