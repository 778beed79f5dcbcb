/** A user's program, compiled in the strictest settings against the packed declarations alone. */
import { CancellationToken, chan, recv, scope, select, sleep, spawn } from "gokio";
import { type DumpJson, dump } from "gokio/diagnostics";
import { exhaustive, explore, simulate } from "gokio/testing";

export async function program(signal: AbortSignal): Promise<number> {
  const numbers = chan<number>(1);
  const token = new CancellationToken();
  const sender = spawn(async () => {
    await numbers.send(1, { signal });
    return "sent" as const;
  });
  const won = await select({ number: recv(numbers), late: sleep(1000) });
  const sent: "sent" = await sender;
  await scope(async (s) => {
    s.spawn(async () => sleep(1, { signal: token }));
  });
  return won.key === "number" ? won.value : sent.length;
}

export async function checked(): Promise<DumpJson> {
  const elapsed: number = await simulate(async (sim) => sim.elapsed, { seed: 7 });
  await explore(async () => sleep(elapsed), { strategy: exhaustive({ preemptions: 2 }) });
  return dump().toJSON();
}
