/** How client order ids are made. */
export interface OrderIdForm {
  /** How ours begin, so that they are known again by any process. */
  readonly prefix: string;
  /** At most 64 characters to make the rest from. */
  readonly alphabet: string;
  readonly maxLength: number;
}

/** Bits of chance: ids of all processes together never meet, and nobody guesses one. */
const BITS = 118;
/** Random bytes drawn at a time: drawing costs more than using. */
const POOL_BYTES = 4096;

/** Makes client order ids. */
export class OrderIdMint {
  readonly #form: OrderIdForm;
  /** Of the characters: the prefix, and room for the rest. */
  readonly #codes: number[];
  readonly #pool = new Uint8Array(POOL_BYTES);
  #at = POOL_BYTES;

  constructor(form: OrderIdForm) {
    this.#form = form;
    const length = Math.ceil(BITS / Math.log2(form.alphabet.length));
    if (form.alphabet.length > 64 || form.prefix.length + length > form.maxLength) {
      throw new RangeError(`ids of ${form.maxLength} characters have no room for "${form.prefix}" and ${length} more`);
    }
    this.#codes = Array.from(form.prefix.padEnd(form.prefix.length + length), (character) => character.charCodeAt(0));
  }

  next(): string {
    const { alphabet, prefix } = this.#form;
    for (let at = prefix.length; at < this.#codes.length; ) {
      const index = this.#byte() & 63;
      // Too large is thrown away: taking the remainder would make some characters likelier.
      if (index < alphabet.length) this.#codes[at++] = alphabet.charCodeAt(index);
    }
    // In one piece: a text grown by characters is put together by whoever reads it first, which costs more than an order.
    return String.fromCharCode.apply(null, this.#codes);
  }

  /** True for ids made with the same prefix, by whomever. */
  owns(id: string): boolean {
    return id.length > this.#form.prefix.length && id.startsWith(this.#form.prefix);
  }

  #byte(): number {
    if (this.#at === POOL_BYTES) {
      crypto.getRandomValues(this.#pool);
      this.#at = 0;
    }
    return this.#pool[this.#at++] as number;
  }
}
