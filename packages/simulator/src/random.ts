/** A small fast generator (sfc32) with named children: what one part draws never shifts what another part draws. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  readonly #name: string;

  /** @param seed any integer @param name path of the child, mixed into the state */
  constructor(seed: number, name = '') {
    this.seed = seed;
    this.#name = name;
    [this.#a, this.#b, this.#c] = hash(`${seed}/${name}`);
    for (let i = 0; i < 12; i++) this.next();
  }

  readonly seed: number;

  /** An independent generator for a named part. */
  fork(name: string | number): Random {
    return new Random(this.seed, `${this.#name}/${name}`);
  }

  /** Uniform in [0, 1), 32 bits. */
  next(): number {
    const t = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    this.#c |= 0;
    return (t >>> 0) / 4294967296;
  }

  /** Uniform integer, both ends included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Exponential with this mean: gaps of a Poisson process. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** Normal with mean 0 and deviation 1. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** @throws RangeError when there is nothing to pick from */
  pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new RangeError('nothing to pick from');
    return from[Math.floor(this.next() * from.length)]!;
  }
}

/** Three 32-bit words of a text (FNV-1a with different offsets). */
function hash(text: string): [number, number, number] {
  const words: [number, number, number] = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    for (let w = 0; w < 3; w++) words[w] = Math.imul(words[w as 0]! ^ (unit + w), 0x01000193);
  }
  return words;
}
