/**
 * Letting what is ready run, where `turn` would let virtual time go on.
 *
 * @module
 */

/** Far more microtasks than anything takes that is ready and does not go on for ever. */
const MICROTASKS = 100;

/** Everything that is ready has run, and no time has passed, in virtual time either. */
export async function moment(): Promise<void> {
  for (let i = 0; i < MICROTASKS; i++) await undefined;
}
