// Node's inspection hook, by its registered name: core runs in browsers too.
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** A string that cannot be printed: `toString`, JSON, `util.inspect` and templates all give `***`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The only way to the value; call it at the moment of signing and keep no copy. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [INSPECT](): string {
    return 'Secret(***)';
  }
}
