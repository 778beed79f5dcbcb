/**
 * The runtime without Node's modules: it can't tell who starts what.
 *
 * Chosen by the `#testing-platform` condition of package.json; see {@link TestingPlatform} for what each member means.
 *
 * @module
 */
import type { TestingPlatform } from "./platform.ts";

export const testing: TestingPlatform = {
  afterMicrotasks: undefined,
  watchWork: () => () => {},
  timerModules: [],
  promiseModules: [],
  modulesReplaced: () => {},
};
