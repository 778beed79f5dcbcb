/** Prints the last line of a CI run, `tests: N passed, N failed`, from the report that the test run left. */
import { readFileSync } from "node:fs";

let report;
try {
  report = JSON.parse(readFileSync(new URL("../.cache/tests.json", import.meta.url), "utf8"));
} catch (error) {
  console.error(`no test report: ${error.message}`);
  console.log("tests: 0 passed, 1 failed");
  process.exit(1);
}

// A file that doesn't even load has no tests to count, yet failed.
const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
const passed = report.numPassedTests;
const failed = report.numFailedTests + broken.length;
const skipped = report.numPendingTests + report.numTodoTests;
console.log(`tests: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
if (failed > 0 || passed === 0) process.exitCode = 1;
