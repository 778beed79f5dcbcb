/** A sender and a receiver that meet for every number: a channel without a buffer. */
import { passing } from "./passing.ts";

export const { generators, asyncs } = passing(0);
