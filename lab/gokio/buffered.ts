/** A sender and a receiver with a buffer between them. */
import { passing } from "./passing.ts";

export const { generators, asyncs } = passing(64);
