/**
 * A region with a deadline: what timeouts and shields have.
 *
 * @module
 */
import { TimeoutError } from "../errors.ts";
import { Alarm } from "../kernel/alarm.ts";
import { Cancellation } from "../kernel/cancel-source.ts";
import type { TaskRegion } from "./region.ts";

/** Cancels `region` in `ms` milliseconds, unless it is left before. */
export function limitRegion(region: TaskRegion, ms: number): void {
  const { scheduler, daemon } = region;
  region.alarm = new Alarm(scheduler, scheduler.host.now() + ms, daemon, () => {
    region.cancelWith(new Cancellation(new TimeoutError(`it took longer than ${ms} ms`)));
  });
}
