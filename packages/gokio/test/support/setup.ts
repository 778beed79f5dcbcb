/** Run before each test file: after each of its tests, nothing may be left. */
import { afterEach } from "vitest";
import { afterEachTest, watchRejections } from "./leaks.ts";

watchRejections();
afterEach(afterEachTest);
