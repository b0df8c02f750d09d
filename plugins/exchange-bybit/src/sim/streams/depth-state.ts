import type { LevelTotal, Market } from '@speed-protocol/simulator';
import type { MarketText } from '../text.js';
import type { MessageNumbers } from './numbers.js';
import type { Said, Source } from './topics.js';

type SideName = 'bids' | 'asks';
type Row = [price: string, size: string];
type Side = ReadonlyMap<number, LevelTotal>;
type Sides = Readonly<Record<SideName, Side>>;

/** A topic of books: what its listeners have been told, from which the next difference is made. */
export class DepthState implements Source {
  readonly #market: Market;
  #sides: Sides;
  /** Levels that have fallen out of the depth without a word. */
  readonly #fallen: Readonly<Record<SideName, Set<number>>> = { bids: new Set(), asks: new Set() };
  number: number;
  sequence: number;
  changedAt: number;

  constructor(
    private readonly text: MarketText,
    readonly depth: number,
    private readonly numbers: MessageNumbers,
  ) {
    const { market } = text;
    this.#market = market;
    this.#sides = this.#now();
    this.number = numbers.next(market, depth);
    this.sequence = market.book.lastId;
    this.changedAt = market.changedAt;
  }

  /** What the others have been told so far: the next difference follows it. */
  first(): Said {
    return this.#said('snapshot', this.top(this.depth));
  }

  say(): readonly Said[] {
    if (this.#market.book.lastId === this.sequence) return [];
    const before = this.#sides;
    this.#sides = this.#now();
    const [b, a] = [this.#difference('bids', before), this.#difference('asks', before)];
    if (b.length + a.length === 0) return [];
    this.#advance();
    return [this.#said('delta', { b, a })];
  }

  /** The best levels as told last. */
  top(depth: number): { readonly b: readonly Row[]; readonly a: readonly Row[] } {
    const side = (name: SideName) => [...this.#sides[name].values()].slice(0, depth).map((level) => this.text.level(level));
    return { b: side('bids'), a: side('asks') };
  }

  #advance(): void {
    this.number = this.numbers.next(this.#market, this.depth);
    this.sequence = this.#market.book.lastId;
    this.changedAt = this.#market.changedAt;
  }

  #said(type: 'snapshot' | 'delta', levels: { readonly b: readonly Row[]; readonly a: readonly Row[] }): Said {
    const { number: u, sequence: seq, changedAt: cts } = this;
    return { type, data: { s: this.#market.listing.venueSymbol, ...levels, u, seq }, cts };
  }

  #now(): Sides {
    const top = this.#market.book.top(this.depth);
    const side = (name: SideName) => new Map(top[name].map((level) => [level[0], level]));
    return { bids: side('bids'), asks: side('asks') };
  }

  /** Levels that are new, other or gone. One that fell out of the depth is not told, only when it is gone for good. */
  #difference(name: SideName, before: Sides): Row[] {
    const [old, now, fallen, book] = [before[name], this.#sides[name], this.#fallen[name], this.#market.engine[name]];
    const changed = [...now.values()].filter(([price, lots]) => old.get(price)?.[1] !== lots);
    for (const price of now.keys()) fallen.delete(price);
    for (const price of old.keys()) if (!now.has(price)) fallen.add(price);
    const gone = [...fallen].filter((price) => book.get(price) === undefined);
    for (const price of gone) fallen.delete(price);
    return [...changed, ...gone.map((price) => [price, 0] as const)].map((level) => this.text.level(level));
  }
}

/** Re-sent when nothing has happened for this long. */
const REPEAT_MS = 3_000;

/** The best level of each side, whole, whenever it has changed; else again and again. */
export class TouchState implements Source {
  #told: string;
  #number: number;
  #saidAt: number;

  constructor(
    private readonly text: MarketText,
    private readonly numbers: MessageNumbers,
  ) {
    this.#number = numbers.next(text.market, 1);
    this.#told = JSON.stringify(this.#levels());
    this.#saidAt = text.market.now();
  }

  first(): Said {
    return this.#said();
  }

  say(): readonly Said[] {
    const { market } = this.text;
    const now = JSON.stringify(this.#levels());
    if (now === this.#told && market.now() - this.#saidAt < REPEAT_MS) return [];
    if (now !== this.#told) this.#number = this.numbers.next(market, 1);
    this.#told = now;
    return [this.#said()];
  }

  #levels() {
    const { bids, asks } = this.text.market.book.top(1);
    return { b: bids.map((level) => this.text.level(level)), a: asks.map((level) => this.text.level(level)) };
  }

  #said(): Said {
    const { market } = this.text;
    this.#saidAt = market.now();
    const data = { s: market.listing.venueSymbol, ...this.#levels(), u: this.#number, seq: market.book.lastId };
    return { type: 'snapshot', data, cts: market.changedAt };
  }
}
