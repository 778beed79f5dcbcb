/** The process that measures. */
import { serve } from "./serve.ts";

await serve(async () => (await import("./cases/index.ts")).cases);
