/** The JavaScript peers as contestants: `main.js <peer> <workload> <size> [<parameter>=<value> …]`. */
import { main } from "../../contestant/program.ts";
import { peers } from "./peers.ts";

await main(async (name) => (Object.hasOwn(peers, name) ? peers[name]?.() : undefined));
