/** The distinct doubles of a column, numbered as they come; bit patterns are what is compared, so -0 and 0 are two. */
export class DoubleDictionary {
  /** Two words per value, lower first. */
  #words = new Uint32Array(2 * 1024);
  /** Number of a value plus one, by its hash; 0: free. */
  #slots = new Int32Array(4096);
  #shift = 20;
  size = 0;

  /** The values by their number. */
  get values(): Float64Array {
    return new Float64Array(this.#words.buffer, 0, this.size);
  }

  clear(): void {
    if (this.size > 0) this.#slots.fill(0);
    this.size = 0;
  }

  /** Number of the double whose words stand at `at`. */
  number(words: Uint32Array, at: number): number {
    const low = words[at]!;
    const high = words[at + 1]!;
    const mask = this.#slots.length - 1;
    for (let slot = hash(low, high) >>> this.#shift; ; slot = (slot + 1) & mask) {
      const found = this.#slots[slot]! - 1;
      if (found < 0) return this.#insert(low, high, slot);
      if (this.#words[2 * found] === low && this.#words[2 * found + 1] === high) return found;
    }
  }

  #insert(low: number, high: number, slot: number): number {
    const number = this.size++;
    this.#words[2 * number] = low;
    this.#words[2 * number + 1] = high;
    this.#slots[slot] = this.size;
    if (4 * this.size === this.#slots.length) this.#grow();
    return number;
  }

  #grow(): void {
    const words = new Uint32Array(2 * this.#words.length);
    words.set(this.#words);
    this.#words = words;
    this.#slots = new Int32Array(2 * this.#slots.length);
    this.#shift--;
    const mask = this.#slots.length - 1;
    for (let number = 0; number < this.size; number++) {
      let slot = hash(words[2 * number]!, words[2 * number + 1]!) >>> this.#shift;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number + 1;
    }
  }
}

/** Prices differ in the upper bits of the lower word and the lower bits of the upper one: both have to spread. */
const hash = (low: number, high: number): number => {
  const mixed = Math.imul(low ^ (low >>> 15), 0x85ebca6b) + Math.imul(high, 0xc2b2ae35);
  return Math.imul(mixed ^ (mixed >>> 13), 0x9e3779b1);
};
