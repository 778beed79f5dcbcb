/**
 * A task as its own code sees it.
 *
 * @module
 */
import { signalOf } from "../cancel/abort-signal.ts";
import type { Self } from "./body.ts";
import type { TaskRecord } from "./task.ts";

export class TaskSelf implements Self {
  readonly #task: TaskRecord;

  constructor(task: TaskRecord) {
    this.#task = task;
  }

  get id(): number {
    return this.#task.id;
  }

  get name(): string | undefined {
    return this.#task.name;
  }

  get signal(): AbortSignal {
    return signalOf(this.#task);
  }
}
