/**
 * What is made of an object once, and goes when that object goes: the source of an AbortSignal, the signal of a source, the watch on a promise.
 *
 * @module
 */

/** A function that makes one `V` of each key, and gives the same one each time. A value may hold its key: the pair is collected together. */
export function derived<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = make(key);
      known.set(key, value);
    }
    return value;
  };
}
