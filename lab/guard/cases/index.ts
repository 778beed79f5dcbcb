/** Everything that is guarded. */
import type { Case } from "../case.ts";
import { channels } from "./channels.ts";
import { locks } from "./locks.ts";
import { parked } from "./parked.ts";
import { ready } from "./ready.ts";
import { streams } from "./streams.ts";
import { tasks } from "./tasks.ts";

export const cases: readonly Case[] = [...channels, ...tasks, ...locks, ...streams, ...parked, ...ready];
