/** `npm start`: the tour through the examples, and then the headline. */
import { headline } from "./headline.ts";
import { grouped, heading, styled } from "./print.ts";
import { TOUR, tour } from "./tour.ts";

const started = performance.now();
heading(`A tour of gokio in ${TOUR.length} programs`);
await tour();
await headline();
console.log(styled("dim", `\nall of it took ${grouped((performance.now() - started) / 1000)} s`));
