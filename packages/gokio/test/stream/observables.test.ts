import { from, interval, NEVER, Observable, of, range, Subject, throwError } from "rxjs";
import { describe, expect, test } from "vitest";
import { broadcast } from "../../src/chan/broadcast.ts";
import { recv } from "../../src/chan/ends.ts";
import { ClosedError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import type { Observer, Subscribable } from "../../src/stream/sources/events.ts";
import { OverflowError } from "../../src/stream/sources/push-buffer.ts";
import { Stream } from "../../src/stream/stream.ts";
import { sleep } from "../../src/time/sleep.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

interface Watched {
  readonly observable: Observable<number>;
  subscribed: number;
  unsubscribed: number;
}

/** An observable that counts who subscribes. */
function watched(emit: (next: (n: number) => void) => void): Watched {
  const seen: Watched = {
    subscribed: 0,
    unsubscribed: 0,
    observable: new Observable<number>((subscriber) => {
      seen.subscribed++;
      emit((n) => subscriber.next(n));
      return () => void seen.unsubscribed++;
    }),
  };
  return seen;
}

describe("from RxJS", () => {
  test("values that are there at once, and the end", async () => {
    expect(await Stream.from(of(1, 2, 3)).toArray()).toEqual([1, 2, 3]);
    expect(await Stream.fromObservable(of(1, 2, 3)).toArray()).toEqual([1, 2, 3]);
    expect(await Stream.from(() => of("a")).toArray()).toEqual(["a"]);
    expect(
      await Stream.from([1, 2])
        .flatMap((n) => of(n, n * 10))
        .toArray(),
    ).toEqual([1, 10, 2, 20]);
  });

  test("values that come later", async () => {
    const subject = new Subject<number>();
    const all = Stream.from(subject).toArray();
    await turn();
    expect(subject.observed).toBe(true);
    subject.next(1);
    subject.next(2);
    await turn();
    subject.next(3);
    subject.complete();
    expect(await all).toEqual([1, 2, 3]);
    expect(subject.observed).toBe(false);
  });

  test("an error, after what came before it", async () => {
    await expect(Stream.from(throwError(() => new Error("broken"))).toArray()).rejects.toThrow("broken");
    const subject = new Subject<number>();
    const stream = Stream.from(subject);
    stream.tryRecv();
    subject.next(1);
    subject.error(new ClosedError("the socket"));
    expect(await stream.recv()).toBe(1);
    await expect(stream.count()).rejects.toThrow("the socket is closed");
    expect(subject.observed).toBe(false);
  });

  test.each(["break", "close", "select"])("left by %s, it is unsubscribed from, once", (how) =>
    virtual(async () => {
      const seen = watched((next) => {
        next(1);
        next(2);
      });
      const stream = Stream.from(seen.observable);
      expect(seen.subscribed).toBe(0);
      if (how === "break") {
        for await (const n of stream) if (n === 2) break;
      } else if (how === "close") {
        await stream.next();
      } else {
        const none = stream.drop(2);
        expect((await select({ item: recv(none), late: sleep(1) })).key).toBe("late");
        expect(seen.unsubscribed).toBe(0);
        await none.close();
      }
      if (how !== "select") await stream.close();
      expect(seen).toMatchObject({ subscribed: 1, unsubscribed: 1 });
    }),
  );

  test("more than fits: at once, too", async () => {
    const stream = Stream.fromObservable(range(0, 5000), { capacity: 3 });
    const seen: number[] = [];
    await expect(stream.forEach((n) => void seen.push(n))).rejects.toThrow(OverflowError);
    expect(seen).toEqual([0, 1, 2]);
    const newest = Stream.fromObservable(range(0, 10), { capacity: 3, overflow: "drop-oldest" });
    expect(await newest.toArray()).toEqual([7, 8, 9]);
    const oldest = Stream.fromObservable(range(0, 10), { capacity: 3, overflow: "drop-newest" });
    expect(await oldest.toArray()).toEqual([0, 1, 2]);
  });

  test("an overflow unsubscribes, at once too", async () => {
    const seen = watched((next) => {
      for (let n = 0; n < 5; n++) next(n);
    });
    const stream = Stream.fromObservable(seen.observable, { capacity: 1 });
    expect(stream.tryRecv()).toEqual({ done: false, value: 0 });
    expect(seen.unsubscribed).toBe(1);
    await expect(stream.recv()).rejects.toThrow(OverflowError);
  });

  test("take from one that does not end", async () => {
    expect(await Stream.from(interval(1)).take(3).toArray()).toEqual([0, 1, 2]);
    const stream = Stream.from(NEVER);
    const pull = stream.next();
    await turn();
    await stream.close();
    expect((await pull).done).toBe(true);
  });

  test("each retry subscribes again", async () => {
    let attempts = 0;
    const observable = new Observable<number>((subscriber) => {
      subscriber.next(++attempts);
      if (attempts < 3) subscriber.error(new Error("again"));
      else subscriber.complete();
    });
    const stream = Stream.from(observable).retry({ attempts: 5, backoff: { base: 0 } });
    expect(await stream.toArray()).toEqual([1, 2, 3]);
  });
});

describe("other observables", () => {
  /** What subscribes to a list, and gives `subscription`. */
  function listed(subscription: unknown): Subscribable<number> {
    return {
      subscribe(observer: Observer<number>) {
        for (const n of [1, 2]) observer.next(n);
        observer.complete();
        return subscription as undefined;
      },
    };
  }

  test("a subscription is an object, a function, or nothing", async () => {
    let unsubscribed = 0;
    const unsubscribe = (): void => void unsubscribed++;
    expect(await Stream.from(listed({ unsubscribe })).toArray()).toEqual([1, 2]);
    expect(await Stream.from(listed(unsubscribe)).toArray()).toEqual([1, 2]);
    expect(await Stream.from(listed(undefined)).toArray()).toEqual([1, 2]);
    expect(unsubscribed).toBe(2);
  });

  test.each(["@@observable", "Symbol.observable"])("under %s", async (key) => {
    const symbols = Symbol as { observable?: symbol };
    const before = symbols.observable;
    if (key === "Symbol.observable") symbols.observable = Symbol("observable");
    try {
      const object = { [symbols.observable ?? key]: () => listed(undefined) };
      expect(await Stream.fromObservable(object as never).toArray()).toEqual([1, 2]);
      expect(await Stream.from(object as never).toArray()).toEqual([1, 2]);
    } finally {
      if (before === undefined) delete symbols.observable;
      else symbols.observable = before;
    }
  });

  test("what has a subscribe of another kind is found out", async () => {
    const news = broadcast<number>(1);
    await expect(Stream.from(news as never).toArray()).rejects.toThrow("observable must give a subscription");
    expect(() => Stream.fromObservable({} as never)).toThrow(TypeError);
    expect(() => Stream.fromObservable(of(1), { capacity: -1 })).toThrow(RangeError);
  });

  test("one that throws when it is subscribed to", async () => {
    const observable: Subscribable<number> = {
      subscribe() {
        throw new Error("no");
      },
    };
    await expect(Stream.from(observable).toArray()).rejects.toThrow("no");
  });
});

describe("to RxJS", () => {
  test("a stream is an async iterable", async () => {
    const seen: number[] = [];
    await from(Stream.range(0, 4).map((n) => n * n)).forEach((n) => void seen.push(n));
    expect(seen).toEqual([0, 1, 4, 9]);
  });

  test("its error is that of the observable", async () => {
    const stream = Stream.range(0, 4).map((n) => {
      if (n === 2) throw new Error("two");
      return n;
    });
    const seen: number[] = [];
    await expect(from(stream).forEach((n) => void seen.push(n))).rejects.toThrow("two");
    expect(seen).toEqual([0, 1]);
  });
});
