/**
 * What a group throws when some of its tasks failed.
 *
 * @module
 */

/** Each failure once, in the order they came: the error itself if there is one, an `AggregateError` of all if there are several. */
export function failureOf(what: string, failures: ReadonlySet<unknown>): unknown {
  const errors = [...failures];
  return errors.length === 1 ? errors[0] : new AggregateError(errors, `${what}: ${errors.length} failures`);
}
