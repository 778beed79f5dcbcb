import { CancellationToken } from "../../src/cancel/token.ts";

type Public =
  | "cancel"
  | "cancelAfter"
  | "child"
  | "guard"
  | "isCancelled"
  | "reason"
  | "runUntilCancelled"
  | "signal"
  | "throwIfCancelled";

// That a token is a node shows in no editor.
export const shown: Record<keyof CancellationToken & string, true> = {} as Record<Public, true>;
export const all: Record<Public, true> = {} as Record<keyof CancellationToken & string, true>;

export const token: Disposable = new CancellationToken();
// @ts-expect-error: a token is made with no parent; there is child.
new CancellationToken(new CancellationToken());
