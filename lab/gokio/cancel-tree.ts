/** A token with many children, made and cancelled. Nobody waits here, so there is but one flavour. */
import { CancellationToken } from "gokio";
import { type Sample, timed } from "../contestant/program.ts";

export function generators(size: number): Promise<Sample> {
  return timed(() => {
    const parent = new CancellationToken();
    const children: CancellationToken[] = [];
    for (let i = 0; i < size; i++) children.push(parent.child());
    parent.cancel();
    let told = 0;
    for (const child of children) if (child.isCancelled) told++;
    return told;
  });
}
