import type { LevelTotal } from '@speed-protocol/simulator';
import type { MarketText } from '../text.js';
import type { Source } from './channels.js';

type Level = readonly [action: 'new' | 'change' | 'delete', price: number, amount: number];
type Side = Map<number, number>;

/** A channel of changes of a book: what its listeners have been told, from which the next change is made. */
export class DepthState implements Source {
  readonly #bids: Side;
  readonly #asks: Side;
  #sequence: number;
  /** When the book that was told was so. */
  #changedAt: number;

  constructor(private readonly text: MarketText) {
    const { market } = text;
    const { bids, asks } = market.book.top(Number.MAX_SAFE_INTEGER);
    this.#bids = new Map(bids);
    this.#asks = new Map(asks);
    this.#sequence = market.book.lastId;
    this.#changedAt = market.changedAt;
  }

  /** What the others have been told so far: the next change follows it. */
  first(): unknown {
    const side = (levels: Side, best: (a: number, b: number) => number) =>
      [...levels].sort(([a], [b]) => best(a, b)).map((level): Level => ['new', ...this.text.level(level)]);
    return {
      type: 'snapshot',
      ...this.#place(),
      change_id: this.#sequence,
      bids: side(this.#bids, (a, b) => b - a),
      asks: side(this.#asks, (a, b) => a - b),
    };
  }

  say(): readonly unknown[] {
    const { market } = this.text;
    const changes = market.book.changesSince(this.#sequence);
    if (!changes) return [];
    const previous = this.#sequence;
    this.#sequence = changes.last;
    this.#changedAt = market.changedAt;
    const [bids, asks] = [this.#apply(this.#bids, changes.bids), this.#apply(this.#asks, changes.asks)];
    return [{ type: 'change', ...this.#place(), prev_change_id: previous, change_id: changes.last, bids, asks }];
  }

  #place(): object {
    return { timestamp: this.#changedAt, instrument_name: this.text.market.listing.venueSymbol };
  }

  /** Levels that are new, other or gone; those that came and went between two messages are none of these. */
  #apply(side: Side, changed: readonly LevelTotal[]): readonly Level[] {
    return changed.flatMap(([price, lots]): readonly Level[] => {
      const before = side.get(price);
      if (lots === (before ?? 0)) return [];
      if (lots === 0) side.delete(price);
      else side.set(price, lots);
      const action = lots === 0 ? 'delete' : before === undefined ? 'new' : 'change';
      return [[action, ...this.text.level([price, lots])]];
    });
  }
}
