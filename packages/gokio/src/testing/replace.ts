/**
 * Replacing properties of objects for a while, as many as belong together.
 *
 * While nothing is replaced, nothing is paid: what is called is what would be called if this did not exist.
 *
 * @module
 */

// biome-ignore lint/suspicious/noExplicitAny: it stands in place of functions of any kind.
export type AnyFunction = (...args: any[]) => any;

export class Replacements {
  readonly #undo: (() => void)[] = [];

  /** Puts what `make` makes of the present value in its place. Does nothing where there is none. */
  replace(target: object, key: PropertyKey, make: (original: AnyFunction) => unknown): void {
    const found = Reflect.get(target, key);
    if (typeof found !== "function") return;
    const own = Object.getOwnPropertyDescriptor(target, key);
    const value = make(found as AnyFunction);
    const enumerable = own?.enumerable ?? true;
    Object.defineProperty(target, key, { value, enumerable, configurable: true, writable: true });
    this.#undo.push(() => {
      // Somebody else has replaced it meanwhile, and will put back what was ours: which then does what the original does.
      if (Reflect.get(target, key) !== value) return;
      if (own === undefined) Reflect.deleteProperty(target, key);
      else Object.defineProperty(target, key, own);
    });
  }

  /** Puts everything back. */
  undo(): void {
    for (const undo of this.#undo.splice(0).reverse()) undo();
  }
}

/** What is installed while at least one scheduler needs it, and asked on whose behalf it is called. */
export class Installed<S extends object, V> {
  readonly #users = new Map<S, V>();
  readonly #install: () => () => void;
  #uninstall: (() => void) | undefined = undefined;

  constructor(install: () => () => void) {
    this.#install = install;
  }

  /** What `user` was added with; `undefined` if it was not. */
  get(user: S): V | undefined {
    return this.#users.get(user);
  }

  /** Installs it for `user`. Call the result when it is through. */
  add(user: S, value: V): () => void {
    this.#users.set(user, value);
    this.#uninstall ??= this.#install();
    return () => {
      this.#users.delete(user);
      if (this.#users.size > 0) return;
      this.#uninstall?.();
      this.#uninstall = undefined;
    };
  }
}
