/**
 * A cancel node with a deadline: what tokens and contexts are made of.
 *
 * Invariant: an alarm is set only while the node is neither cancelled nor disposed, so no timer outlives what it is for. It never holds the
 * process.
 *
 * @module
 */
import { Alarm } from "../kernel/alarm.ts";
import { Cancellation } from "../kernel/cancel-source.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { CancelNode } from "./node.ts";

export class TimedNode extends CancelNode {
  /** @internal */
  alarm: Alarm | undefined = undefined;

  /** @internal When it will be cancelled by itself, on the clock of the scheduler that was set with. */
  get until(): number {
    return this.alarm?.deadline ?? Number.POSITIVE_INFINITY;
  }

  /** @internal Cancels the node at `deadline`, for the reason made then; of several deadlines, the earliest counts. */
  cancelAt(scheduler: Scheduler, deadline: number, reason: () => unknown): void {
    if (this.cancellation !== undefined || deadline >= this.until) return;
    dropAlarm(this);
    const alarm = new Alarm(scheduler, deadline, true, () => {
      // One that is due is on its way through the run queue, and may have been dropped there.
      if (this.alarm === alarm) this.cancelWith(new Cancellation(reason()));
    });
    this.alarm = alarm;
  }

  /** @internal */
  override detach(): void {
    super.detach();
    dropAlarm(this);
  }

  protected override onCancelled(): void {
    dropAlarm(this);
  }
}

function dropAlarm(node: TimedNode): void {
  node.alarm?.cancel();
  node.alarm = undefined;
}
