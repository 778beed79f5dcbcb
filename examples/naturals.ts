/**
 * The naturals as a cancellable sequence. An async generator makes one number at a time, when it is asked for; the token is looked at
 * by its wait, so the sequence ends in the middle of a pause.
 *
 * Prints:
 *
 *     0
 *     1
 *     2
 *     3
 *     the sequence is closed
 *     cancelled: enough
 *
 * @module
 */
import { CancellationToken, CancelledError, sleep } from "gokio";

async function* naturals(token: CancellationToken): AsyncGenerator<number> {
  try {
    for (let n = 0; ; n++) {
      yield n;
      await sleep(10, { signal: token });
    }
  } finally {
    console.log("the sequence is closed");
  }
}

const token = new CancellationToken();
try {
  for await (const n of naturals(token)) {
    console.log(n);
    if (n === 3) token.cancel("enough");
  }
} catch (error) {
  if (!(error instanceof CancelledError)) throw error;
  console.log(`cancelled: ${error.cause}`);
}
