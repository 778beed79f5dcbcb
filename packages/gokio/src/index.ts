// The declarations name Disposable, which most programs do not have in their `lib` yet.
/// <reference lib="esnext.disposable" preserve="true" />

// Tracing from the start, if the environment says so. Bundlers leave it out.
import "./diagnostics/install.ts";

// Tasks
export { main } from "./group/main.ts";
export { spawn } from "./task/spawn.ts";
export { join, JoinHandle, settled } from "./task/join-handle.ts";
export type { Settled, TaskOptions } from "./task/task.ts";
export type { Body, Outcome, Self, Task } from "./task/body.ts";
export type { Block, BlockSelf } from "./task/block.ts";
export { call, type LazyCall } from "./task/call.ts";
export { each, STOP, type Each, type Iterated } from "./task/each.ts";
export { defer } from "./task/defer.ts";
export { use, type Usable, type Using } from "./task/use.ts";
export { wait } from "./task/wait.ts";
export { once } from "./task/once.ts";
export { yieldNow } from "./task/yield-now.ts";
export { shield, type ShieldOptions } from "./task/shield.ts";
export { currentContext, currentTask } from "./task/current.ts";
export { runWith, TaskLocal, type TaskLocalOptions } from "./task/task-local.ts";
export { onTaskError, type FailedTask, type TaskErrorHook } from "./task/unjoined.ts";

// Groups of tasks
export { scope, Scope, type ProduceOptions, type Produced, type Producing } from "./group/scope.ts";
export { joinAll, joinNext, JoinSet, nextWithTask } from "./group/join-set.ts";
export type { EndedTask } from "./group/join-set-core.ts";
export { ErrGroup, spawnInto, type ErrGroupOptions } from "./group/err-group.ts";
export { TaskTracker } from "./group/task-tracker.ts";
export { WaitGroup } from "./group/wait-group.ts";
export { mapConcurrent, type MapOptions } from "./group/map-concurrent.ts";
export type { Attempting, Backoff } from "./group/backoff.ts";
export { retry, type RetryOptions } from "./group/retry.ts";

// Cancellation
export { CancelGuard, CancellationToken } from "./cancel/token.ts";
export { CancellableContext, Context, type ContextDeadline, type ContextKey } from "./cancel/context.ts";
export { cancelled } from "./cancel/cancelled.ts";
export { runUntilCancelled } from "./task/run-until-cancelled.ts";
export { runIn } from "./task/run-in.ts";
export { afterFunc } from "./task/after-func.ts";
export type { Signal, WaitOptions } from "./kernel/abortable.ts";

// Channels
export { chan, Chan, type ChanOptions } from "./chan/chan.ts";
export { next, recv, send, type Sink, type Source } from "./chan/ends.ts";
export { mpsc, type MpscOptions } from "./chan/mpsc.ts";
export { Sender, WeakSender } from "./chan/sender.ts";
export { Receiver, recvMany } from "./chan/receiver.ts";
export { reserve, reserveMany, SendPermit } from "./chan/permit.ts";
export { oneshot, OneshotReceiver, OneshotSender, type OneshotOptions } from "./chan/oneshot.ts";
export { closed } from "./chan/closed.ts";
export { broadcast, BroadcastReceiver, BroadcastSender, type BroadcastOptions } from "./chan/broadcast.ts";
export { watch, WatchSender, type Modifiable, type WatchOptions } from "./chan/watch.ts";
export { changed, WatchReceiver } from "./chan/watch-receiver.ts";
export { waitFor } from "./chan/wait-for.ts";

// Select
export { select, type Selected, type SelectOptions } from "./select/select.ts";
export type { Case, CaseValue } from "./select/cases.ts";
export { task, TaskCase } from "./select/task-case.ts";

// Locks, and what else tasks meet at
export type { NameOptions } from "./sync/named.ts";
export { lock, Mutex, MutexGuard } from "./sync/mutex.ts";
export { read, RwLock, write } from "./sync/rw-lock.ts";
export { ReadGuard, WriteGuard } from "./sync/rw-guard.ts";
export { holding } from "./sync/holding.ts";
export { acquire } from "./sync/acquire.ts";
export { Semaphore } from "./sync/semaphore.ts";
export { Permit } from "./sync/permit.ts";
export { RateLimiter, type RateLimiterOptions } from "./sync/rate-limiter.ts";
export { notified, Notify } from "./sync/notify.ts";
export { arrive, Barrier, type BarrierWait } from "./sync/barrier.ts";
export { Condvar, waitOn, waitWhile } from "./sync/condvar.ts";
export { getOrInit, OnceCell } from "./sync/once-cell.ts";
export { share, SingleFlight } from "./sync/single-flight.ts";

// Time
export { sleep, sleepUntil } from "./time/sleep.ts";
export { timeout, timeoutAt } from "./time/timeout.ts";
export { interval, Interval, tick, type IntervalOptions, type MissedTicks } from "./time/interval.ts";
export { DelayKey, DelayQueue, expired } from "./time/delay-queue.ts";

// Streams
export { PeekableStream, Stream, type ItemOf } from "./stream/stream.ts";
export type { Planned } from "./stream/plan.ts";
export type { Asked } from "./stream/ops/function-stage.ts";
export type { Streamable } from "./stream/sources/source-of.ts";
export type { Unfolded } from "./stream/sources/made.ts";
export type { EventOptions, Observer, Subscribable } from "./stream/sources/events.ts";
export { OverflowError, type Overflow, type PushOptions } from "./stream/sources/push-buffer.ts";
export {
  count,
  every,
  find,
  first,
  forEach,
  last,
  reduce,
  some,
  toArray,
  toMap,
  type Visit,
} from "./stream/terminals.ts";
export { forEachConcurrent } from "./stream/ops/for-each-concurrent.ts";
export type { ConcurrentOptions, Work, WorkResult } from "./stream/ops/concurrent.ts";
export type { BufferOptions } from "./stream/hub.ts";
export { Shared } from "./stream/ops/tee.ts";
export { peek } from "./stream/ops/peekable.ts";
export { StreamMap } from "./stream/stream-map.ts";
export { pipeTo, type PipeOptions, type PipeTarget } from "./stream/sinks.ts";
export type { PipeSender } from "./stream/sinks/channel-pipe.ts";
export type { NodeWritable } from "./stream/node-stream.ts";

// Results and errors
export { Err, err, Ok, ok, type Result } from "./result.ts";
export { attempt, type Attempted } from "./task/attempt.ts";
export {
  CancelledError,
  ClosedError,
  JoinAbortedError,
  LaggedError,
  MisuseError,
  SendError,
  TimeoutError,
} from "./errors.ts";

// The protocol of operations, for those who write their own
export { Operation } from "./kernel/operation.ts";
export { PENDING, type Leaving, type Parked, type Pending } from "./kernel/step.ts";
export type { Waiter } from "./kernel/waiter.ts";
