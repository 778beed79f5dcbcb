/**
 * A cancel node as the platform's AbortSignal, for code that knows nothing of gokio: `fetch`, streams, timers.
 *
 * The signal is made when it is first asked for, and the same one is given each time. The way in, an AbortSignal that cancels
 * waits, is the kernel's `abortable.ts`.
 *
 * @module
 */
import { Registration } from "../kernel/abortable.ts";
import type { CancelSource } from "../kernel/cancel-source.ts";
import { derived } from "../kernel/derived.ts";
import { afterStep } from "../kernel/settling.ts";

/** The signal that aborts with `node`. Its reason is the error that the node's waits throw. */
export const signalOf: (node: CancelSource) => AbortSignal = derived((node) => {
  const controller = new AbortController();
  if (node.cancellation !== undefined) controller.abort(node.cancellation.error);
  // Listeners are user code: they run in the frame of the canceller, as the platform's do, but after everything has been unlinked.
  else node.add(new Registration(({ error }) => afterStep(() => controller.abort(error))));
  return controller.signal;
});
