/** Where a process is killed: at its n-th request or record, before that is carried out or after. */
export interface Death {
  at: number;
  carriedOut: boolean;
}

/**
 * What a process holds until it is killed. From then on none of its calls is answered, so nothing of it goes on; what was
 * under way is carried out all the same.
 */
export class Mortal {
  calls = 0;
  #isDead = false;
  readonly #death: Death | undefined;
  #bury: () => void = () => {};
  readonly died = new Promise<void>(resolve => {
    this.#bury = resolve;
  });

  constructor(death?: Death) {
    this.#death = death;
  }

  /** The same object, whose methods count as calls. */
  hold<T extends object>(held: T): T {
    return new Proxy(held, {
      get: (target, name) => {
        const value = Reflect.get(target, name, target);
        return typeof value === 'function'
          ? (...args: unknown[]) =>
              this.#call(async () => value.apply(target, args))
          : value;
      },
    });
  }

  async #call(carryOut: () => Promise<unknown>): Promise<unknown> {
    this.calls++;
    const isLast = !this.#isDead && this.calls === this.#death?.at;
    const answer =
      this.#isDead || (isLast && !this.#death!.carriedOut)
        ? undefined
        : await carryOut().then(
            value => () => value,
            error => () => {
              throw error;
            },
          );
    if (isLast) {
      this.#isDead = true;
      this.#bury();
    }
    if (this.#isDead || !answer) {
      return new Promise(() => {});
    }
    return answer();
  }
}
