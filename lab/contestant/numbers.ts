/** The numbers of the workloads that more than one contestant needs. See lab/README.md. */

/** `select` */
export const CHANNELS = 4;

/** `spawn-join` */
export const WAVE = 1_000;

/** `timers` */
export const TIMER_TASKS = 1_000;

/** How long timer `i` of task `t` would wait, in milliseconds. */
export function delayOf(t: number, i: number): number {
  return 60_000 + ((t * 7919 + i * 104_729) % 600_000);
}

/** `timeout`: how long one waits for an answer, at most, in milliseconds */
export const PATIENCE = 60_000;

/** `mutex`, `mutex-held` and `semaphore` */
export const CONTENDERS = 100;
export const PERMITS = 10;

/** `broadcast` */
export const LISTENERS = 8;
export const BACKLOG = 1_024;
export const BATCH = 512;

/** `watch` */
export const WATCHERS = 4;

/** `pipeline` */
export const WORKERS = 4;

/** What a worker makes of a job. */
export function computed(job: number): number {
  return (job * job) % 1_000_003;
}

/** `map-concurrent`: how long each timer is, in milliseconds, and how many there are at once */
export const NAP = 1;
export const AT_ONCE = 64;

/** `stream-sync`, `stream-async` and `stream-loop` */
export const isEven = (n: number): boolean => n % 2 === 0;
export const increment = (n: number): number => n + 1;
export const add = (sum: number, n: number): number => sum + n;
