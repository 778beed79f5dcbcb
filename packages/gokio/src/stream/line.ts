/**
 * The line: the stages of one stream, through which a source pushes its items until somebody has enough.
 *
 * # Algorithm
 *
 * A stream is pulled from its end and pushed from its source. To get an item, {@link Line.advance} has the source push, one after the
 * other, and each stage calls the next one with what it makes of an item: a chain of stages is a chain of calls, without anything between
 * them. The sink at the end answers {@link FULL} as soon as it has what it wants: after one item when somebody pulls, never when a
 * terminal operation takes them all. So a stage has never seen an item that nobody asked for, however many go through in one loop.
 *
 *     source ──push──▶ filter ──push──▶ map ──push──▶ take ──push──▶ sink
 *            ◀──GO, FULL, CUT, WAIT── the answer comes back the same way
 *
 * A stage that makes several items of one keeps those that were not wanted yet, and the line remembers it as `held`. One whose function is async
 * answers WAIT, with what is waited for in `blocker`; its item goes on when that is there.
 *
 * 1. `advance` asks in the order in which items are to come out: what is waited for, what is held farthest down, the end of a stage that
 *    was cut or dried up, and only then the source.
 * 2. An answer other than GO means that the item was taken, and that the next one is to be kept for the next `advance`.
 * 3. A stage that wants no more cuts the line: nothing above it is asked again, and what is held up there is left over, to be closed.
 * 4. Whatever throws ends the stream; the line is not advanced again.
 *
 * @module
 */
import type { Coroutine } from "../kernel/coroutine.ts";
import { REFUSED } from "../kernel/coroutine-flags.ts";
import { Operation } from "../kernel/operation.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { Arrival, type Follower } from "./arrival.ts";

/** Go on: another item is wanted. */
export const GO = 0;
/** Enough for now. */
export const FULL = 1;
/** Nothing more is wanted from above. */
export const CUT = 2;
/** Something has to be waited for: {@link Line.blocker}. */
export const WAIT = 3;
/** Others have to be given a turn first. */
export const BREATHE = 4;
/** The source has nothing more. */
export const DRY = 5;
/** Everything is through. */
export const END = 6;

export type Signal = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** What takes items. */
export abstract class Sink<T> {
  abstract push(value: T): Signal;
  /** Nothing more will come. Passes on one thing that was held back, and is called again after that; END when all is passed on. */
  abstract end(): Signal;
}

/** Who goes on with what was waited for. */
export interface Resumable {
  resumed(value: unknown): Signal;
  /** What was waited for has failed, and the stream with it. */
  broke?(): void;
}

/** A part of a line that has to be closed when the stream is left. */
export interface Closable {
  /** Gives up what it holds; what comes back has to be waited for. It is called once. */
  close(): PromiseLike<unknown> | undefined;
}

/** Makes the items. */
export abstract class Source<T> implements Closable {
  /** Both are set before the first pump. */
  sink: Sink<T> = NOWHERE;
  line: Line = NO_LINE;

  /** Pushes items until the answer is not GO, and returns that; DRY when there are no more. */
  abstract pump(): Signal;

  close(): PromiseLike<unknown> | undefined {
    return undefined;
  }

  /** What it pulls from itself. */
  get upstreams(): readonly Closable[] {
    return [];
  }

  /** Whether its code has to run in the stream's own task: it may wait by itself. */
  get isForeign(): boolean {
    return false;
  }

  describe(): string {
    return "a source";
  }
}

/** One step of a line. */
export abstract class Stage<T, U> extends Sink<T> {
  readonly down: Sink<U>;
  readonly line: Line;
  readonly index: number;

  constructor(at: Place<U>) {
    super();
    this.down = at.down;
    this.line = at.line;
    this.index = at.index;
  }

  override end(): Signal {
    return this.down.end();
  }

  /** Wants no more items, with those that went down before this call being the last. */
  protected cut(): void {
    this.line.cut(this.index, this.down);
  }
}

/** Where a stage stands. */
export interface Place<U> {
  readonly line: Line;
  readonly down: Sink<U>;
  readonly index: number;
}

/** What stands at a place, and has to be closed. */
export interface Placed extends Closable {
  readonly index: number;
}

/** A stage that makes several items of one. */
export interface Holder extends Placed {
  /** Pushes more of what it holds. GO once it holds nothing, and has called {@link Line.drained}. */
  drain(): Signal;
}

const FIRST_PACE = 16;
const LONGEST_PACE = 4096;

export class Line {
  source: Source<unknown>;
  readonly scheduler: Scheduler;
  /** What has to be waited for before the line can go on. */
  blocker: Operation<unknown> | undefined = undefined;
  /** It is advanced in the frame of a pull: what belongs into the task answers BREATHE, and is asked again there. */
  isInline = false;
  /** Calls foreign code in the context of the stream's task; `undefined` if it can simply be called. */
  context: (<R>(body: () => R) => R) | undefined = undefined;
  /** The stream's task, once there is one. */
  task: Coroutine | undefined = undefined;
  #waiting: Resumable | undefined = undefined;
  #arrival: Arrival | undefined = undefined;
  /** Goes on with what a promise has brought while the run's task was parked on it. */
  follower: Follower | undefined = undefined;
  readonly #held: Holder[] = [];
  readonly #leftOver: Closable[] = [];
  /** What is above a cut, and has not been closed yet. */
  #above: Generator<Closable, void> | undefined = undefined;
  /** What the part waits for that is being closed. */
  #closing: PromiseLike<unknown> | undefined = undefined;
  readonly #closed: Resumable = {
    resumed: () => {
      this.#closing = undefined;
      return GO;
    },
    broke: () => {
      this.#closing = undefined;
    },
  };
  #endFrom: Sink<never> | undefined = undefined;
  #closers: Placed[] = [];
  #isSourceClosed = false;
  /** What the line has failed with. */
  failure: { readonly error: unknown } | undefined = undefined;
  #head: Sink<unknown> = NOWHERE;
  #pace = FIRST_PACE;
  #paced = 0;
  /** Items left before the budget is looked at. */
  credit = FIRST_PACE;

  constructor(source: Source<unknown>, scheduler: Scheduler) {
    this.source = source;
    this.scheduler = scheduler;
  }

  /** The first stage, or the sink itself; the source pushes into it. */
  begin(head: Sink<unknown>): void {
    this.#head = head;
    this.become(this.source);
  }

  /** Passes an item to the first stage, for a source that isn't asked. */
  push(value: unknown): Signal {
    return this.#head.push(value);
  }

  /** From now on, `source` is that of the line. */
  become(source: Source<unknown>): void {
    this.source = source;
    source.sink = this.#head;
    source.line = this;
  }

  /** Moves items until the sink is full, or something is in the way: FULL, WAIT, BREATHE or END. */
  advance(): Signal {
    for (;;) {
      let signal = this.#below();
      if (signal === GO && this.#above !== undefined) signal = this.#closeAbove();
      if (signal === GO) signal = this.#endFrom === undefined ? this.source.pump() : this.#endFrom.end();
      if (signal === DRY) this.dry();
      else if (signal !== GO && signal !== CUT) return signal;
    }
  }

  /** What {@link advance} does below the source: GO when that is all through, and the source is to go on. */
  settle(): Signal {
    for (;;) {
      const signal = this.#below();
      if (signal !== GO && signal !== CUT) return signal;
      if (this.#endFrom !== undefined) return CUT;
      if (signal === GO) return GO;
    }
  }

  #below(): Signal {
    if (this.#waiting !== undefined) return WAIT;
    // Farthest down first; one that is through is not the last of them.
    while (this.#held.length !== 0) {
      const signal = (this.#held.at(-1) as Holder).drain();
      if (signal !== GO) return signal;
    }
    return GO;
  }

  /** There is nothing more to come from the source. */
  dry(): void {
    this.#endFrom ??= this.#head as Sink<never>;
  }

  /** Nothing is wanted any more from above `index`, and what is below ends. */
  cut(index: number, below: Sink<never>): void {
    this.#endFrom = below;
    let kept = 0;
    for (const holder of this.#held) {
      if (holder.index < index) this.#leftOver.push(holder);
      else this.#held[kept++] = holder;
    }
    this.#held.length = kept;
    // What is at the end could not tell.
    if (below instanceof Stage) this.#above = this.#partsAbove(index);
  }

  /** Closes what is above a cut, before what is below gives what it has left: as if one item were pulled at a time. */
  #closeAbove(): Signal {
    const above = this.#above as Generator<Closable, void>;
    while (this.#closing === undefined) {
      const part = above.next();
      if (part.done === true) {
        this.#above = undefined;
        return GO;
      }
      this.#closing = part.value.close();
    }
    return this.isInline ? BREATHE : this.wait(this.#closing, this.#closed);
  }

  get isCut(): boolean {
    return this.#endFrom !== undefined;
  }

  // ── holding ──

  holds(holder: Holder): void {
    this.#held.push(holder);
  }

  /** `holder` holds nothing any more. It is the one farthest down, or was cut off meanwhile. */
  drained(holder: Holder): void {
    if (this.#held.at(-1) === holder) this.#held.pop();
  }

  // ── waiting ──

  /** Has `who` go on with what `what` gives. */
  wait(what: PromiseLike<unknown>, who: Resumable): Signal {
    if (!(what instanceof Operation)) return this.follow(what, who);
    this.#waiting = who;
    this.blocker = what;
    return WAIT;
  }

  /** {@link wait}, for what is no operation. */
  follow(promise: PromiseLike<unknown>, who: Resumable): Signal {
    const arrival = this.#arrival ?? this.#newArrival();
    // Most often it is there already; see `resumeInPlace`.
    if (this.#waiting !== who) this.#waiting = who;
    if (this.blocker !== arrival) this.blocker = arrival;
    arrival.watch(promise);
    return WAIT;
  }

  #newArrival(): Arrival {
    this.#arrival = new Arrival(this.follower);
    return this.#arrival;
  }

  /** Calls foreign code in the context of the stream's task. */
  enter<R>(body: () => R): R {
    return this.context === undefined ? body() : this.context(body);
  }

  /** Whether a promise that was waited for has not come yet. */
  get isArriving(): boolean {
    return this.#arrival?.isPending === true;
  }

  /** Whether cancellation has reached foreign code that the line has called. */
  get isReached(): boolean {
    return this.task !== undefined && (this.task.flags & REFUSED) !== 0;
  }

  /** What was waited for is there. The answer is that of a push. */
  resume(value: unknown): Signal {
    const who = this.#waiting as Resumable;
    this.forget();
    return who.resumed(value);
  }

  /** {@link resume}, where the next thing that is waited for is most likely of the same kind: everything stays as it is while that is so. */
  resumeInPlace(value: unknown): Signal {
    const signal = (this.#waiting as Resumable).resumed(value);
    if (signal !== WAIT) this.forget();
    return signal;
  }

  /** Nothing is waited for any more. */
  forget(): void {
    this.#waiting = this.blocker = undefined;
  }

  /** Something has failed: what was waited for, or a function of the user's. */
  broke(error: unknown): void {
    this.failure = { error };
    this.#waiting?.broke?.();
    this.forget();
  }

  // ── budget ──

  /** Called with `credit` below 0: whether others are due for a turn. */
  breathes(): boolean {
    const { host, budget } = this.scheduler;
    const now = host.now();
    // The clock is read once for many cheap items, and for each few of dear ones.
    this.#pace = now - this.#paced < 0.5 ? Math.min(this.#pace * 2, LONGEST_PACE) : Math.max(this.#pace >> 1, 1);
    this.#paced = now;
    this.credit = this.#pace;
    return budget.isExhausted();
  }

  // ── leaving ──

  /** Everything that has to be closed, the part farthest down first. */
  *parts(): Generator<Closable, void> {
    const pending = this.#closing;
    if (pending !== undefined) yield { close: () => pending };
    yield* this.#held.reverse();
    if (this.#above !== undefined) yield* this.#above;
    yield* this.#partsAbove(Number.POSITIVE_INFINITY);
  }

  /** What has to be closed above the stage at `index`; each part once. */
  *#partsAbove(index: number): Generator<Closable, void> {
    for (let part = this.#leftOver.pop(); part !== undefined; part = this.#leftOver.pop()) yield part;
    const closers = this.#closers.filter((each) => each.index < index);
    this.#closers = this.#closers.filter((each) => each.index >= index);
    yield* closers;
    if (this.#isSourceClosed) return;
    this.#isSourceClosed = true;
    yield this.source;
    yield* this.source.upstreams;
  }

  /** Has `closer` told when the stream is left. Stages are made from the end up, and so are those who call this. */
  onClose(closer: Placed): void {
    this.#closers.push(closer);
  }
}

class Nowhere extends Sink<unknown> {
  override push(): Signal {
    return CUT;
  }
  override end(): Signal {
    return END;
  }
}

const NOWHERE = new Nowhere();
const NO_LINE = undefined as unknown as Line;
