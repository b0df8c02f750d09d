const CLOSED = 0;
const OPEN = 1;

/** A door between two threads: whoever has it open lets the other one work. */
export class Gate {
  readonly #state: Int32Array<SharedArrayBuffer>;

  /** @param memory the one of the other side's gate */
  constructor(readonly memory = new SharedArrayBuffer(4)) {
    this.#state = new Int32Array(memory);
  }

  set isOpen(open: boolean) {
    Atomics.store(this.#state, 0, open ? OPEN : CLOSED);
    Atomics.notify(this.#state, 0);
  }

  /** Resolves when it is open; at once when it is. */
  async pass(): Promise<void> {
    while (Atomics.load(this.#state, 0) === CLOSED) await Atomics.waitAsync(this.#state, 0, CLOSED).value;
  }
}
