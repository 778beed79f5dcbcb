/**
 * A stream as a ReadableStream, which pulls only when it is read.
 *
 * @module
 */
import type { Upstream } from "../upstream.ts";

export function readableOf<T>(upstream: Upstream<T>): ReadableStream<T> {
  let isCancelled = false;
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const item = await upstream.next;
        // It was told the end, then, because it was cancelled.
        if (isCancelled) return;
        if (item.done === true) controller.close();
        else controller.enqueue(item.value);
      },
      async cancel() {
        isCancelled = true;
        await upstream.close();
      },
    },
    { highWaterMark: 0 },
  );
}
