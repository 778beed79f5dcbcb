/**
 * What emits: EventEmitter, EventTarget, Observable.
 *
 * @module
 */
import { show, wrongType } from "../../errors.ts";
import type { EmitterLike, TargetLike } from "../../task/once.ts";
import { type Ear, PushBuffer, type PushOptions, PushSource } from "./push-buffer.ts";

export interface EventOptions extends PushOptions {
  /** The name of an event that ends the stream. */
  readonly end?: string | symbol | undefined;
}

/** Who is told what an observable has. */
export interface Observer<in T> {
  /** There is a value. */
  next(value: T): void;
  /** It has failed; nothing follows. */
  error(error: unknown): void;
  /** It has ended; nothing follows. */
  complete(): void;
}

/** What can be subscribed to: the observables of RxJS and its like. */
export interface Subscribable<T> {
  /** It is given an observer. That it may take a function, too, is how the compiler finds out the type of the values. */
  subscribe(observer: Observer<T> | ((value: T) => void)): { unsubscribe(): void } | (() => void) | undefined | void;
}

type EarFor = (buffer: PushBuffer<unknown>) => Ear;

/** The source of an emitter's or target's events. @throws {TypeError} if it is neither. */
export function eventSource(from: unknown, event: string | symbol, options: EventOptions): () => PushSource<unknown> {
  checkName("event", event);
  if (options.end !== undefined) checkName("end", options.end);
  const earFor = earForEvents(from, event, options.end);
  const what = `event ${String(event)}`;
  // Checked at the call.
  new PushBuffer(what, options);
  return () => new PushSource(new PushBuffer(what, options), earFor);
}

function checkName(name: string, event: unknown): void {
  if (typeof event === "string" || typeof event === "symbol") return;
  throw wrongType(`${name}`, "a string or a symbol", event);
}

function earForEvents(from: unknown, event: string | symbol, end: string | symbol | undefined): EarFor {
  const emitter = from as Partial<EmitterLike & TargetLike> | null | undefined;
  if (typeof emitter?.on === "function" && typeof emitter.removeListener === "function") {
    return earForEmitter(emitter as EmitterLike, event, end);
  }
  if (typeof emitter?.addEventListener === "function" && typeof emitter.removeEventListener === "function") {
    return earForTarget(emitter as TargetLike, event as string, end as string | undefined);
  }
  throw wrongType("emitter", "an EventEmitter or an EventTarget", from);
}

/** An event's arguments in an array; an `error` event fails the stream, unless it is one of those that are asked for. */
function earForEmitter(emitter: EmitterLike, event: string | symbol, end: string | symbol | undefined): EarFor {
  return (buffer) => {
    const listeners: [string | symbol, (...args: unknown[]) => void][] = [
      [event, (...args) => buffer.push(args)],
      ["error", (error) => buffer.end({ error })],
    ];
    if (event === "error" || end === "error") listeners.pop();
    if (end !== undefined) listeners.push([end, () => buffer.end()]);
    return {
      listen() {
        for (const [name, listener] of listeners) emitter.on(name, listener);
      },
      ignore() {
        for (const [name, listener] of listeners) emitter.removeListener(name, listener);
      },
    };
  };
}

function earForTarget(target: TargetLike, type: string, end: string | undefined): EarFor {
  return (buffer) => {
    const heard = (event: unknown): void => buffer.push(event);
    const ended = (): void => buffer.end();
    return {
      listen() {
        target.addEventListener(type, heard);
        if (end !== undefined) target.addEventListener(end, ended);
      },
      ignore() {
        target.removeEventListener(type, heard);
        if (end !== undefined) target.removeEventListener(end, ended);
      },
    };
  };
}

/** What an object offers to be observed by, if it does. */
export function subscribableOf(from: unknown): Subscribable<unknown> | undefined {
  const object = from as Record<PropertyKey, unknown> | null | undefined;
  const symbol = (Symbol as { readonly observable?: symbol }).observable;
  for (const key of symbol === undefined ? ["@@observable"] : [symbol, "@@observable"]) {
    const observe = object?.[key];
    if (typeof observe === "function") return observe.call(object) as Subscribable<unknown>;
  }
  return typeof object?.["subscribe"] === "function" ? (from as Subscribable<unknown>) : undefined;
}

/** The source of an observable's values. @throws {TypeError} if it is none. */
export function observableSource(from: unknown, options: PushOptions): () => PushSource<unknown> {
  const observable = subscribableOf(from);
  if (observable === undefined) throw new TypeError(`observable must have a subscribe method, not ${show(from)}`);
  const make = (): PushBuffer<unknown> => new PushBuffer("an observable", options);
  make();
  return () => new PushSource(make(), (buffer) => new Subscriber(observable, buffer));
}

/** Subscribes, and unsubscribes once. */
class Subscriber implements Ear {
  readonly #observable: Subscribable<unknown>;
  readonly #buffer: PushBuffer<unknown>;
  #unsubscribe: (() => void) | undefined = undefined;

  constructor(observable: Subscribable<unknown>, buffer: PushBuffer<unknown>) {
    this.#observable = observable;
    this.#buffer = buffer;
  }

  listen(): void {
    const buffer = this.#buffer;
    const subscription = this.#observable.subscribe({
      next: (value) => buffer.push(value),
      error: (error) => buffer.end({ error }),
      complete: () => buffer.end(),
    });
    if (subscription === undefined) return;
    if (typeof subscription === "function") this.#unsubscribe = subscription;
    else if (typeof subscription?.unsubscribe === "function") this.#unsubscribe = () => subscription.unsubscribe();
    // A sender, for instance: its `subscribe` takes no observer, and nothing would ever come.
    else throw new TypeError(`observable must give a subscription when it is subscribed to, not ${show(subscription)}`);
  }

  ignore(): void {
    const unsubscribe = this.#unsubscribe;
    this.#unsubscribe = undefined;
    unsubscribe?.();
  }
}
