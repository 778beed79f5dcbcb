/** Whichever comes first, asked each time with other words. */
import { select } from "./select.ts";
import type { Workload } from "./workload.ts";

export const selectAnew: Workload = {
  ...select,
  id: "select-anew",
  title: "Select over 4 channels, made anew",
  what: "The same, with the select made anew for each number: what it costs where the cases are not always the same.",
};
