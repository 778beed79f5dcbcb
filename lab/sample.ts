/** One sample of one row, in a process of its own: `sample <index of the row>`. */
import process from "node:process";
import { rows } from "./cases/index.ts";
import { report } from "./child.ts";

await report(async () => {
  const row = rows[Number(process.argv[2])];
  if (row === undefined) throw new Error(`there is no row ${process.argv[2]}`);
  for (let i = row.warmUps ?? 1; i > 0; i--) await row.run();
  (globalThis as { gc?: () => void }).gc?.();
  return row.run();
});
