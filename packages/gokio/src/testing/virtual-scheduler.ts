/**
 * A scheduler in virtual time. It does not listen for the end of the process, for there are many in one: whoever drives it sees when it is stuck.
 *
 * @module
 */
import { Scheduler } from "../kernel/scheduler.ts";
import type { VirtualHost } from "./virtual-host.ts";

export class VirtualScheduler extends Scheduler {
  declare readonly host: VirtualHost;

  override watch(): void {}
}
