/**
 * A region with a deadline: what timeouts and shields have.
 *
 * @module
 */
import { TimeoutError } from "../errors.ts";
import { Alarm } from "../kernel/alarm.ts";
import { Cancellation } from "../kernel/cancel-source.ts";
import type { TaskRegion } from "./region.ts";

/** Cancels `region` in `ms` milliseconds, unless it is left before; if they were counted from earlier on, at `deadline`, which may be now. */
export function limitRegion(region: TaskRegion, ms: number, deadline?: number): void {
  const { scheduler, daemon } = region;
  const now = scheduler.host.now();
  const cancel = (): void => {
    region.cancelWith(new Cancellation(new TimeoutError(`it took longer than ${ms} ms`)));
  };
  if (deadline !== undefined && deadline <= now) cancel();
  else region.alarm = new Alarm(scheduler, deadline ?? now + ms, daemon, cancel);
}
