/** Writes bits, lowest first, into bytes. */
export class BitWriter {
  readonly #out: Uint8Array;
  readonly #from: number;
  #at: number;
  #held = 0;
  #bits = 0;

  constructor(out: Uint8Array, at = 0) {
    this.#out = out;
    this.#from = at;
    this.#at = at;
  }

  /** At most 24 bits at a time. */
  add(value: number, bits: number): void {
    this.#held |= value << this.#bits;
    this.#bits += bits;
    for (; this.#bits >= 8; this.#bits -= 8) {
      this.#out[this.#at++] = this.#held;
      this.#held >>>= 8;
    }
  }

  /** Fills the last byte with zeros. */
  align(): void {
    if (this.#bits > 0) this.add(0, 8 - this.#bits);
  }

  /** A one marks the end: what is read backwards has to know where to begin. */
  end(): void {
    this.add(1, 1);
    this.align();
  }

  bytes(): Uint8Array {
    return this.#out.subarray(this.#from, this.#at);
  }
}
