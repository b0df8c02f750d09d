import type { Random } from '../random.js';

/** Where update ids come from. */
export interface UpdateSequence {
  /** The next id, larger than all before. */
  next(): number;
}

/** One book's own counter: every id follows its predecessor by one. */
export class ContiguousSequence implements UpdateSequence {
  #last: number;

  constructor(start: number) {
    this.#last = start;
  }

  next(): number {
    return ++this.#last;
  }
}

/** One counter for a whole venue, with the ids of everything else that the venue does in between: a book sees holes. */
export class SharedSequence implements UpdateSequence {
  #last: number;
  readonly #random: Random;

  constructor(start: number, random: Random) {
    this.#last = start;
    this.#random = random;
  }

  next(): number {
    this.#last += this.#random.integer(1, 40);
    return this.#last;
  }
}
