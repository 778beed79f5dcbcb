/**
 * What an operation is about: the channel, the lock, the timer that it waits on.
 *
 * Operations are not asked for it by a method, which each program would have to load: they keep it in a field of one of few names.
 *
 * @module
 */
import type { Operation } from "../kernel/operation.ts";
import { RaceOperation } from "../kernel/race.ts";

/** Something that is waited on. */
export interface Resource {
  readonly object: object;
  readonly depth: number | undefined;
  readonly capacity: number | undefined;
}

/** How operations name what they are about. */
interface About {
  /** The channel that is received from. */
  readonly inlet?: object;
  /** The lock, or the channel that is sent on. */
  readonly core?: object;
  /** One of several senders of a channel, which leads there unless it was disposed. */
  readonly sender?: { live?(): object };
  /** The list of those who wait, of what has nothing else in common. */
  readonly queue?: object;
}

interface Described {
  readonly length?: unknown;
  readonly capacity?: unknown;
  readonly label?: unknown;
}

/** What `op` is about; `undefined` if that is nothing that others could wait on. */
export function resourceOf(op: Operation<unknown>): Resource | undefined {
  const about = op as About;
  const object = about.inlet ?? about.core ?? channelOf(about.sender) ?? about.queue;
  if (typeof object !== "object" || object === null) return undefined;
  const { depth, capacity } = depthOf(object) ?? {};
  return { object, depth, capacity };
}

/** What `object` is called, "chan(8)"; `undefined` if it has no name of its own. Made each time: not to be asked for each wait. */
export function nameOf(object: object): string | undefined {
  const { label } = object as Described;
  return typeof label === "string" ? label : undefined;
}

/** Whether `op` receives from a channel. */
export function isReceive(op: Operation<unknown>): boolean {
  return (op as About).inlet !== undefined;
}

/** How many values `object` holds, and can hold, if it is a channel. */
export function depthOf(object: object): { readonly depth: number; readonly capacity: number } | undefined {
  const { length, capacity } = object as Described;
  return typeof length === "number" && typeof capacity === "number" ? { depth: length, capacity } : undefined;
}

/** The operations that `op` races, and those that they race; `op` alone if it is no race. */
export function leavesOf(op: Operation<unknown>): Operation<unknown>[] {
  if (!(op instanceof RaceOperation)) return [op];
  const leaves: Operation<unknown>[] = [];
  const unseen: Operation<unknown>[] = [...op.alternatives].reverse();
  for (let each = unseen.pop(); each !== undefined; each = unseen.pop()) {
    if (each instanceof RaceOperation) unseen.push(...[...each.alternatives].reverse());
    else leaves.push(each);
  }
  return leaves;
}

function channelOf(sender: About["sender"]): object | undefined {
  try {
    return sender?.live?.();
  } catch {
    return undefined;
  }
}
