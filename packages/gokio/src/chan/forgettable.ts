/**
 * Where diagnostics listen for the ends that a program has to dispose, so that one that was forgotten, and collected, can be reported.
 *
 * Nobody listens unless diagnostics are on: making an end then costs one look here, and sending and receiving nothing.
 *
 * @module
 */
export const forgettable: { made: ((end: Disposable, of: { readonly label: string }) => void) | undefined } = {
  made: undefined,
};
