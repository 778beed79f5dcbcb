/**
 * The faults of channels: messages that are lost, and messages that are under way.
 *
 * Channels don't know of it. While a simulation with such faults is live, methods stand in front of those that send. They ask the scheduler they are called
 * on; everybody else's calls go through. A message that meets with a fault leaves its sender at once, as it would on a network.
 *
 * A message under way is a task that sleeps and then sends. It keeps its channel open as a sender of its own would.
 *
 * @module
 */
import { BroadcastRing } from "../chan/broadcast-ring.ts";
import { Chan } from "../chan/chan.ts";
import { receiving, sending } from "../chan/ends.ts";
import { MpscCore } from "../chan/mpsc-core.ts";
import { Sender } from "../chan/sender.ts";
import { ClosedError, show } from "../errors.ts";
import { Deadline } from "../kernel/alarm.ts";
import { currentScheduler } from "../kernel/current.ts";
import { dispose } from "../kernel/dispose.ts";
import { Operation } from "../kernel/operation.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { currentRecord } from "../task/current.ts";
import { spawnIn } from "../task/spawn.ts";
import type { ChannelFaults, Faults } from "./faults.ts";
import { type AnyFunction, Installed, Replacements } from "./replace.ts";

/** What sends a message when its time has come, and what is to be given back afterwards. */
interface Parcel {
  readonly send: () => Operation<void> | void;
  readonly release?: () => void;
}

/** What becomes of the messages of one simulation. */
class Postman {
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;
  /** By the name of the channel, as its description shows it. */
  readonly #channels = new Map<string, ChannelFaults>();

  constructor(scheduler: Scheduler, faults: Faults, channels: Readonly<Record<string, ChannelFaults>>) {
    this.#scheduler = scheduler;
    this.#faults = faults;
    for (const [name, each] of Object.entries(channels)) {
      this.#channels.set(JSON.stringify(name), each).set(show(name), each);
    }
  }

  faultsOf(channel: string): ChannelFaults | undefined {
    const name = /"(?:[^"\\]|\\.)*"/.exec(channel)?.[0];
    return name === undefined ? undefined : this.#channels.get(name);
  }

  /** Whether the message meets with a fault; what `parcel` makes is then sent later, or never. */
  takes(channel: string, { drop, delay }: ChannelFaults, parcel: () => Parcel): boolean {
    const what = `a message of ${currentRecord()?.label ?? "code outside tasks"} on ${channel}`;
    if (drop !== undefined && this.#faults.happens(drop)) {
      this.#faults.note("dropped", `${what} was lost`);
      return true;
    }
    if (delay === undefined || !this.#faults.happens(delay.p)) return false;
    const ms = this.#faults.length(delay.maxMs);
    this.#faults.note("delayed", `${what} was ${ms} ms under way`);
    this.#carry(parcel(), ms);
    return true;
  }

  #carry({ send, release }: Parcel, ms: number): void {
    const scheduler = this.#scheduler;
    const arrival = new Deadline(scheduler, scheduler.host.now() + ms);
    const carry = function* (): Generator<unknown, void> {
      try {
        yield* arrival;
        const op = send();
        if (op !== undefined) yield* op;
      } catch (error) {
        // Nobody is there any more to take it.
        if (!(error instanceof ClosedError)) throw error;
      } finally {
        release?.();
      }
    };
    spawnIn({ scheduler, locals: undefined }, carry, { daemon: true, name: "a message under way" });
  }
}

/** A send that may meet with a fault each time it is tried. */
class FaultySend extends Operation<void> {
  readonly #inner: Operation<void>;
  readonly #isTaken: () => boolean;

  constructor(inner: Operation<void>, isTaken: () => boolean) {
    super();
    this.#inner = inner;
    this.#isTaken = isTaken;
  }

  // The channel, for whoever lists what is parked: sends have it in one of these.
  get core(): object | undefined {
    return (this.#inner as { readonly core?: object }).core;
  }

  get sender(): object | undefined {
    return (this.#inner as { readonly sender?: object }).sender;
  }

  override try(): undefined | Pending {
    if (this.#isTaken()) return undefined;
    return this.#inner.try() === PENDING ? PENDING : undefined;
  }

  override link(waiter: Waiter<void>): void {
    this.#inner.link(waiter);
  }

  override unlink(waiter: Waiter<void>): void {
    this.#inner.unlink(waiter);
  }

  override unlinked(): void {
    this.#inner.unlinked?.();
  }

  override describe(): string {
    return this.#inner.describe();
  }
}

/** A channel that is sent on, as all of them can be seen. */
interface Sent {
  readonly isClosed: boolean;
  readonly describe: () => string;
  /** What sends `value` later, by itself. */
  parcel(send: AnyFunction, value: unknown): Parcel;
}

const ofChan = (ch: Chan<unknown>): Sent => ({
  isClosed: ch.isClosed,
  describe: () => ch[receiving].inlet.label,
  parcel: (send, value) => ({ send: () => send.call(ch, value) }),
});

const ofSender = (sender: Sender<unknown>): Sent => ({
  isClosed: sender.isClosed,
  describe: () => sender.live().label,
  parcel: (send, value) => {
    const own = sender.clone();
    return { send: () => send.call(own, value), release: () => own[dispose]() };
  },
});

/** Whether a message meets with a fault; asked each time it is sent. */
function isTaken(sent: Sent, send: AnyFunction, value: unknown): boolean {
  const postman = postmen.get(currentScheduler());
  if (postman === undefined || sent.isClosed) return false;
  const channel = sent.describe();
  const faults = postman.faultsOf(channel);
  return faults !== undefined && postman.takes(channel, faults, () => sent.parcel(send, value));
}

const postmen = new Installed<Scheduler, Postman>(() => {
  const methods = new Replacements();
  replaceSends(methods, Chan.prototype, ofChan);
  replaceSends(methods, Sender.prototype, ofSender);
  replacePermits(methods);
  replaceBroadcasts(methods);
  return () => methods.undo();
});

function replaceSends<C extends Chan<unknown> | Sender<unknown>>(
  methods: Replacements,
  prototype: C,
  sentOn: (channel: C) => Sent,
): void {
  const make: AnyFunction = prototype[sending];
  methods.replace(prototype, sending, () => {
    return function (this: C, value: unknown): Operation<void> {
      const op: Operation<void> = make.call(this, value);
      const postman = postmen.get(currentScheduler());
      if (postman?.faultsOf(sentOn(this).describe()) === undefined) return op;
      return new FaultySend(op, () => isTaken(sentOn(this), make, value));
    };
  });
  methods.replace(prototype, "trySend", (trySend) => {
    return function (this: C, value: unknown): boolean {
      return isTaken(sentOn(this), make, value) || trySend.call(this, value);
    };
  });
}

/** What is sent with a permit has its slot already, and keeps it while it is under way. */
function replacePermits(methods: Replacements): void {
  methods.replace(MpscCore.prototype, "fill", (fill) => {
    return function (this: MpscCore<unknown>, value: unknown): void {
      let isLost = true;
      const parcel = (): Parcel => {
        isLost = false;
        return { send: () => fill.call(this, value) };
      };
      const sent: Sent = { isClosed: false, describe: () => this.label, parcel };
      if (!isTaken(sent, fill, value)) fill.call(this, value);
      else if (isLost) this.release();
    };
  });
}

function replaceBroadcasts(methods: Replacements): void {
  methods.replace(BroadcastRing.prototype, "send", (send) => {
    return function (this: BroadcastRing<unknown>, value: unknown): number {
      const parcel = (): Parcel => {
        this.senders++;
        return { send: () => void send.call(this, value), release: () => this.senderGone() };
      };
      const sent: Sent = { isClosed: this.isClosed, describe: () => this.label, parcel };
      return isTaken(sent, send, value) ? this.cursors.size : send.call(this, value);
    };
  });
}

/** Has messages of `scheduler` meet with faults on the channels that are named. Call the result to stop. */
export function loseMessages(
  scheduler: Scheduler,
  faults: Faults,
  channels: Readonly<Record<string, ChannelFaults>>,
): () => void {
  return postmen.add(scheduler, new Postman(scheduler, faults, channels));
}
