/**
 * The keys of disposal, on runtimes that have them and on those that don't.
 *
 * Where `Symbol.dispose` is missing, whoever lowers `using` for such a runtime looks under the registered symbol of that name. No global is
 * patched.
 *
 * @module
 */

export const dispose: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");
export const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
