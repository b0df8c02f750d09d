import type { Market, Random } from '@speed-protocol/simulator';

/** Depths that are streamed, and where their numbers begin: far apart, so that a number belongs to one of them. */
const FIRST: Readonly<Record<number, number>> = { 1: 4e9, 50: 3e9, 200: 2e9, 1000: 1e9 };

/** Numbers of book messages: each depth of each market counts its own, and starts anew when the venue does. */
export class MessageNumbers {
  readonly #last = new Map<string, number>();
  #hasRestarted = false;

  constructor(private readonly random: Random) {}

  /** The number of the message that tells the book as it is now. */
  next(market: Market, depth: number): number {
    const key = keyOf(market, depth);
    const number = (this.#last.get(key) ?? this.#before(depth)) + 1;
    this.#last.set(key, number);
    market.book.name(number);
    return number;
  }

  /** The next message of every book is the first. */
  restart(): void {
    this.#last.clear();
    this.#hasRestarted = true;
  }

  #before(depth: number): number {
    return this.#hasRestarted ? 0 : FIRST[depth]! + this.random.integer(1, 1e8);
  }
}

function keyOf({ listing }: Market, depth: number): string {
  return `${listing.symbol} ${depth}`;
}
