/** The drivers that the tests of channels run: the three, and one for operations that users write around ours. */
import { Delegate } from "../support/delegate.ts";
import { type Driver, drivers as three } from "../support/drivers.ts";

const [, yielding] = three as readonly [Driver, Driver, Driver];

export const drivers: readonly (Omit<Driver, "name"> & { readonly name: string })[] = [
  ...three,
  {
    name: "yield* of a delegate",
    drive: (op) => yielding.drive(new Delegate(op)),
    start: (op) => yielding.start(new Delegate(op)),
  },
];
