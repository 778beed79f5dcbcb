/**
 * The scheduler of a run: the kernel's own, but that cancelled waits, too, are on the queue of the run.
 *
 * @module
 */
import type { Job } from "../../kernel/scheduler.ts";
import { VirtualScheduler } from "../virtual-scheduler.ts";
import type { AskingBudget } from "./asking-budget.ts";
import type { ExploringHost } from "./exploring-host.ts";
import type { ReadyQueue } from "./ready-queue.ts";

export class ExploringScheduler extends VirtualScheduler {
  readonly #ready: ReadyQueue;

  constructor(host: ExploringHost, queue: ReadyQueue, budget: AskingBudget) {
    super(host, queue, budget);
    this.#ready = queue;
  }

  override enqueueFirst(job: Job): void {
    this.#ready.pushUrgent(job);
    this.wantDrain();
  }
}
