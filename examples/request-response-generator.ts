/**
 * Request and response, as generators. The client is a task too, and the sender it was given ends the server when it is done.
 *
 * Prints:
 *
 *     2² = 4
 *     3² = 9
 *     4² = 16
 *     the server has ended
 *
 * @module
 */
import { mpsc, next, type OneshotSender, oneshot, recv, type Sender, send, spawn, type Task } from "gokio";

interface Request {
  readonly n: number;
  readonly answer: OneshotSender<number>;
}

function* square(server: Sender<Request>, n: number): Task<number> {
  const [answer, answered] = oneshot<number>();
  yield* send(server, { n, answer });
  return yield* recv(answered);
}

const [requests, inbox] = mpsc<Request>(8);

spawn(
  function* (): Task<void> {
    for (const n of [2, 3, 4]) console.log(`${n}² = ${yield* square(requests, n)}`);
  },
  { move: requests },
);

await spawn(function* (): Task<void> {
  for (let request = yield* next(inbox); !request.done; request = yield* next(inbox)) {
    const { n, answer } = request.value;
    answer.send(n * n);
  }
});
console.log("the server has ended");
