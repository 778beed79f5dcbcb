/**
 * Where a stream can be sent: channels, Web and Node streams. How each is filled is told in `sinks/`.
 *
 * @module
 */
import { type Sink as Sendable, sending } from "../chan/ends.ts";
import { checkOptions, wrongType } from "../errors.ts";
import { type WaitOptions, withOptions } from "../kernel/abortable.ts";
import type { Operation } from "../kernel/operation.ts";
import { isNodeWritable, type NodeWritable } from "./node-stream.ts";
import { type Planned, planning } from "./plan.ts";
import { ChannelPipe, type PipeSender, SenderPipe } from "./sinks/channel-pipe.ts";
import { NodePipe } from "./sinks/node-pipe.ts";
import type { Pipe } from "./sinks/pipe.ts";
import { WebPipe } from "./sinks/web-pipe.ts";
import { Collect } from "./terminal.ts";

export interface PipeOptions extends WaitOptions {
  /**
   * Whether the target ends with the pipe. By default a writable stream does: it is closed at the end of the stream, and aborted or destroyed if
   * the pipe fails or is cancelled. A channel does not, for it may have other senders; with `true` it is closed, or its sender disposed, in any case.
   */
  readonly end?: boolean | undefined;
}

/** What {@link pipeTo} can fill. */
export type PipeTarget<T> = Sendable<T> | PipeSender<T> | WritableStream<T> | NodeWritable;

/**
 * Sends every item to `target`, one after the other, as an operation: into a channel or a sender, a WritableStream, or a Node Writable. The next item is
 * asked for when the target has room for it; a channel, when it has taken the one before.
 *
 * When the target fails, or is closed by somebody else, the pipe fails, and the stream is closed. The process's own `stdout` and `stderr` are never ended.
 *
 * Cancel-safe: a cancelled call leaves the stream, and the target as `end` in the options says; an item that was waiting for room is dropped.
 *
 * @example
 * ```ts
 * const squares = chan<number>();
 * spawn(function* () {
 *   yield* pipeTo(Stream.range(1, 4).map((n) => n * n), squares, { end: true });
 * });
 * for await (const n of squares) console.log(n); // 1 4 9
 * ```
 *
 * @throws what the stream fails with, or the target; {@link SendError} if a channel is closed.
 * @throws {TypeError} at the call, if `target` is none of these.
 */
export function pipeTo<T>(stream: Planned<T>, target: PipeTarget<T>, options: PipeOptions = {}): Operation<void> {
  const pipe = pipeInto(target, checkOptions(options));
  return withOptions(new Collect("pipeTo", stream[planning]("pipeTo"), pipe), options);
}

function pipeInto<T>(target: PipeTarget<T>, { end }: PipeOptions): Pipe<T> {
  const object = Object(target) as Partial<Sendable<T> & PipeSender<T> & WritableStream<T> & NodeWritable>;
  if (typeof object[sending] === "function") return new ChannelPipe(object as Sendable<T>, end === true);
  if (typeof object.getWriter === "function") return new WebPipe(object as WritableStream<T>, end !== false);
  if (isNodeWritable(object)) return new NodePipe<T>(object, end !== false);
  if (typeof object.send === "function") return new SenderPipe(object as PipeSender<T>, end === true);
  throw wrongType("target", "a channel, a sender or a writable stream", target);
}
