/**
 * The flags of a coroutine, in one small integer, so that the fast path tests them all at once.
 *
 * @module
 */

/** Not polled yet. */
export const NEW = 1;
/** Linked to what `op` waits for. */
export const LINKED = 2;
/** To try `op` again: it was cancelled, or the budget was spent before it could be tried. */
export const RETRY = 4;
/** The outcome in `slot` is an error. */
export const FAILED = 8;
/** Has been aborted; the next wait that is not shielded unwinds it. */
export const ABORTED = 16;
/** The abort has reached it: it is being unwound. */
export const UNWINDING = 32;
/** A promise wait of its has been refused, or rejected, because it was aborted. */
export const REFUSED = 64;
/** A region it is in has been cancelled: its next wait has to look. */
export const INTERRUPTED = 128;
/** Has ended; `slot` is its outcome. */
export const ENDED = 256;
/** Does not keep the process alive. */
export const DAEMON = 512;
/** Somebody has asked for its outcome. */
export const JOINED = 1024;
/** Settled, and to go on when nothing holds it any more. */
export const DUE = 2048;
/** What one hold adds: above all flags is the number of them. */
export const HELD = 4096;

/** In a wait that the generator has not been told the end of. */
export const WAITING = LINKED | RETRY | DUE;
/** What an operation has to look at before it may be tried. */
export const ATTENTION = NEW | WAITING | ABORTED | UNWINDING | INTERRUPTED | ENDED;
