/**
 * The guards of a read-write lock: who has one holds the lock.
 *
 * @module
 */

import { MisuseError } from "../errors.ts";
import { dispose } from "../kernel/dispose.ts";
import { Hold } from "./hold.ts";
import type { RwLockCore } from "./rw-lock-core.ts";

const SPENT = "this guard was disposed, and with it the lock: lock again";

/** The lock, held for reading. */
export class ReadGuard<T> extends Hold {
  #core: RwLockCore<T> | undefined;

  /** @internal */
  constructor(core: RwLockCore<T>, owner: unknown, isOwned: boolean) {
    super(core.holds, owner, isOwned);
    this.#core = core;
  }

  /** What the lock protects. @throws {MisuseError} once the guard is disposed. */
  get value(): T {
    if (this.#core === undefined) throw new MisuseError(SPENT);
    return this.#core.value;
  }

  /** Leaves; a second call does nothing. */
  override [dispose](): void {
    const core = this.#core;
    this.#core = undefined;
    core?.holds.remove(this);
    core?.leave(core.holders - 1);
  }
}

/** The lock, held for writing. */
export class WriteGuard<T> extends Hold {
  #core: RwLockCore<T> | undefined;

  /** @internal */
  constructor(core: RwLockCore<T>, owner: unknown, isOwned: boolean) {
    super(core.holds, owner, isOwned);
    this.#core = core;
  }

  #held(): RwLockCore<T> {
    if (this.#core === undefined) throw new MisuseError(SPENT);
    return this.#core;
  }

  /** What the lock protects. @throws {MisuseError} once the guard is disposed. */
  get value(): T {
    return this.#held().value;
  }

  set value(value: T) {
    this.#held().value = value;
  }

  /**
   * Goes on as a reader: no writer comes between. This guard is spent, and the readers at the head of the queue may enter.
   *
   * @throws {MisuseError} once the guard is disposed.
   */
  downgrade(): ReadGuard<T> {
    const core = this.#held();
    this.#core = undefined;
    core.holds.remove(this);
    const guard = new ReadGuard(core, this.owner, this.isOwned);
    core.leave(1);
    return guard;
  }

  /** Leaves; a second call does nothing. */
  override [dispose](): void {
    const core = this.#core;
    this.#core = undefined;
    core?.holds.remove(this);
    core?.leave(0);
  }
}
