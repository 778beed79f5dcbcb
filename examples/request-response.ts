/**
 * Request and response. Each request brings the sender of a `oneshot` along, for its answer.
 *
 * Prints:
 *
 *     2² = 4
 *     3² = 9
 *     4² = 16
 *
 * @module
 */
import { mpsc, type OneshotSender, oneshot, spawn } from "gokio";

interface Request {
  readonly n: number;
  readonly answer: OneshotSender<number>;
}

const [requests, inbox] = mpsc<Request>(8);

const server = spawn(async () => {
  for await (const { n, answer } of inbox) answer.send(n * n);
});

async function square(n: number): Promise<number> {
  const [answer, answered] = oneshot<number>();
  await requests.send({ n, answer });
  return answered.recv();
}

for (const n of [2, 3, 4]) console.log(`${n}² = ${await square(n)}`);

requests[Symbol.dispose]();
await server;
