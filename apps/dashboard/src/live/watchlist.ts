import type { Cell } from './cell.js';
import { type MarketRef, sameMarket } from './choice.js';

const KEY = 'speed.markets';

/** The markets on the overview: what the user pinned, kept in this browser; `null` until something was changed. */
export class Watchlist {
  readonly cell: Cell;
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;
  #pinned: readonly MarketRef[] | null;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>, cell: Cell) {
    this.#storage = storage;
    this.cell = cell;
    this.#pinned = read(storage);
  }

  /** What to show when the page's own choice is `defaults`. Markets of venues that are gone are left out. */
  markets(defaults: readonly MarketRef[], exists: (ref: MarketRef) => boolean): readonly MarketRef[] {
    return this.#pinned?.filter(exists) ?? defaults;
  }

  toggle(ref: MarketRef, shown: readonly MarketRef[]): void {
    const without = shown.filter((other) => !sameMarket(other, ref));
    this.#pinned = without.length < shown.length ? without : [...shown, ref];
    this.#storage.setItem(KEY, JSON.stringify(this.#pinned));
    this.cell.touch();
  }
}

function read(storage: Pick<Storage, 'getItem'>): readonly MarketRef[] | null {
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? 'null');
    return Array.isArray(value) ? value.filter(isRef) : null;
  } catch {
    return null;
  }
}

function isRef(value: unknown): value is MarketRef {
  const ref = value as Partial<MarketRef> | null;
  return typeof ref?.venue === 'string' && typeof ref.symbol === 'string';
}
