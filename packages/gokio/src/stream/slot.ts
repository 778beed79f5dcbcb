/**
 * Where a line ends: in room for one item, if it is pulled, or in what takes all, if it is driven.
 *
 * @module
 */
import { END, FULL, type Line, type Signal, Sink } from "./line.ts";

/** Where the line of a pulled stream ends: room for one item. */
export class Slot<T> extends Sink<T> {
  isFull = false;
  #value: T | undefined = undefined;

  override push(value: T): Signal {
    this.#value = value;
    this.isFull = true;
    return FULL;
  }

  override end(): Signal {
    return END;
  }

  look(): T {
    return this.#value as T;
  }

  take(): T {
    const value = this.#value as T;
    this.#value = undefined;
    this.isFull = false;
    return value;
  }
}

/** Where the line of a driven stream ends. */
export interface DrivenSink<T> extends Sink<T> {
  begin(line: Line): void;
}
