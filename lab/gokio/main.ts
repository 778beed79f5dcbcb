/** gokio as a contestant: `main.js <generator|async> <workload> <size> [<parameter>=<value> …]`. */
import { main } from "../contestant/program.ts";
import { flavours } from "./contestants.ts";

await main(async (name) => (Object.hasOwn(flavours, name) ? flavours[name] : undefined));
