/** A token with a million children, made and cancelled. */
import { CancellationToken } from "gokio";
import { check, elapsed, type Row } from "../case.ts";

const CHILDREN = 1_000_000;

async function tokens(): Promise<number> {
  return elapsed(() => {
    const parent = new CancellationToken();
    let first: CancellationToken | undefined;
    let last: CancellationToken | undefined;
    for (let i = 0; i < CHILDREN; i++) {
      last = parent.child();
      first ??= last;
    }
    parent.cancel("enough");
    check(first?.reason === "enough" && last?.reason === "enough", "a child was not told");
  });
}

export const cancelTree: readonly Row[] = [
  {
    work: "cancel a token with 10⁶ children",
    by: "create + cancel",
    unit: "ms",
    run: tokens,
    peers: { tokio: "40 / 101" },
    target: { atMost: 80 },
  },
];
