/**
 * Noticing that a stream was left before its end.
 *
 * @module
 */
import { isThenable } from "../../task/body.ts";
import { type Closable, type Place, type Signal, Stage } from "../line.ts";

export class OnCancel<T> extends Stage<T, T> implements Closable {
  readonly #fn: () => unknown;
  #hasEnded = false;

  constructor(at: Place<T>, fn: () => unknown) {
    super(at);
    this.#fn = fn;
    at.line.onClose(this);
  }

  override push(value: T): Signal {
    return this.down.push(value);
  }

  override end(): Signal {
    this.#hasEnded = true;
    return super.end();
  }

  close(): PromiseLike<unknown> | undefined {
    if (this.#hasEnded || this.line.failure !== undefined) return undefined;
    const result: unknown = this.line.enter(this.#fn);
    return isThenable(result) ? result : undefined;
  }
}
