/** The types of what diagnostics hand out: what may be missing says so. */
import { expectTypeOf } from "vitest";
import {
  type Dump,
  type DumpJson,
  dump,
  dumpOnSignal,
  type HistogramData,
  type Metrics,
  metrics,
  type RecordedMetrics,
  record,
  type TaskJson,
  trace,
  type WaitJson,
} from "../../src/diagnostics/index.ts";

expectTypeOf(dump).toEqualTypeOf<() => Dump>();
expectTypeOf<Dump["toJSON"]>().toEqualTypeOf<() => DumpJson>();

// What is always there.
expectTypeOf<DumpJson["version"]>().toEqualTypeOf<1>();
expectTypeOf<TaskJson["id"]>().toEqualTypeOf<number>();
expectTypeOf<TaskJson["state"]>().toEqualTypeOf<"new" | "running" | "runnable" | "parked" | "foreign await">();
expectTypeOf<TaskJson["parent"]>().toEqualTypeOf<{ readonly kind: string; readonly task: number | null } | null>();
expectTypeOf<TaskJson["waits"]>().toEqualTypeOf<readonly WaitJson[]>();
expectTypeOf<WaitJson["operation"]>().toEqualTypeOf<string>();

// What is there of what was traced: left out, and never `undefined`, so that it survives JSON.
expectTypeOf<Pick<TaskJson, "age" | "polls" | "madeBy">>().toEqualTypeOf<{
  readonly age?: number;
  readonly polls?: number;
  readonly madeBy?: string;
}>();
expectTypeOf<Pick<WaitJson, "duration">>().toEqualTypeOf<{ readonly duration?: number }>();
// @ts-expect-error It may be missing.
export const age: number = dump().toJSON().tasks[0]?.age ?? dump().toJSON().tasks[0].age;

// What survives JSON is what was written.
type Json<T> = T extends object
  ? { [K in keyof T]: Json<T[K]> }
  : T extends string | number | boolean | null
    ? T
    : never;
expectTypeOf<Json<DumpJson>>().toEqualTypeOf<DumpJson>();

expectTypeOf(metrics).toEqualTypeOf<() => Metrics>();
expectTypeOf<Metrics["recorded"]>().toEqualTypeOf<RecordedMetrics | undefined>();
expectTypeOf<RecordedMetrics["schedulingDelay"]>().toEqualTypeOf<HistogramData>();

expectTypeOf(trace).returns.toEqualTypeOf<Disposable>();
expectTypeOf(record).returns.toEqualTypeOf<Disposable>();
expectTypeOf(dumpOnSignal).returns.toEqualTypeOf<Disposable>();
trace({ sites: 0.1 });
// @ts-expect-error A rate is no text.
trace({ sites: "always" });
// @ts-expect-error A signal is needed.
dumpOnSignal();
