/**
 * A `Date` that reads another clock, for those who have one.
 *
 * It is the platform's class, seen through a proxy: only `new Date()`, `Date()` and `Date.now()` read a clock, so whatever else is asked of it, and every date
 * it makes, is the platform's own.
 *
 * @module
 */

/** `clock` gives milliseconds since 1970; `undefined` where the platform's clock is to be read. */
export function fakeDate(real: DateConstructor, clock: () => number | undefined): DateConstructor {
  const now = (): number => clock() ?? real.now();
  return new Proxy(real, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new real(now()).toString(),
    get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
  });
}
