/**
 * Items in arrays of a given length; the last may be shorter.
 *
 * @module
 */
import { GO, type Place, type Signal, Stage } from "../line.ts";

export class Chunks<T> extends Stage<T, T[]> {
  readonly #size: number;
  #chunk: T[] = [];

  constructor(at: Place<T[]>, size: number) {
    super(at);
    this.#size = size;
  }

  override push(value: T): Signal {
    this.#chunk.push(value);
    return this.#chunk.length < this.#size ? GO : this.#pass();
  }

  #pass(): Signal {
    const chunk = this.#chunk;
    this.#chunk = [];
    return this.down.push(chunk);
  }

  override end(): Signal {
    if (this.#chunk.length === 0) return this.down.end();
    const signal = this.#pass();
    return signal === GO ? this.down.end() : signal;
  }
}
