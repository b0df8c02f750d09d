import type { LevelTotal, Listing, Market, Trade } from '@speed-protocol/simulator';

/** `future` takes perpetuals too. */
export function kindOf({ kind }: Pick<Listing, 'kind'>): 'future' | 'spot' {
  return kind === 'spot' ? 'spot' : 'future';
}

/** The currency under which the venue files an instrument: what it settles in, or the base of spot. */
export function currencyOf({ settle, base }: Pick<Listing, 'settle' | 'base'>): string {
  return settle ?? base;
}

/** The index that an instrument follows, e.g. `btc_usd`. */
export function indexOf({ base, quote }: Pick<Listing, 'base' | 'quote'>): string {
  return `${base}_${quote}`.toLowerCase();
}

/** Ids begin with the group in which an instrument is settled; those of bitcoin are plain numbers. */
export function idOf(listing: Listing, id: number): string {
  const group = listing.settle ?? listing.venueSymbol;
  return group === 'BTC' ? String(id) : `${group}-${id}`;
}

/** A float64 with no more decimals than these. */
export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** A JSON number as decimal text in plain notation, or text as it is. */
export function decimalText(value: number | string): string {
  if (typeof value === 'string') return value;
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text;
}

/** Trades are counted from here: the engine's ids begin higher. */
const FIRST_TRADE = 100_000_000;

export function tradeSeq({ id }: Pick<Trade, 'id'>): number {
  return id - FIRST_TRADE;
}

/** Numbers of one market as the venue prints them. */
export class MarketText {
  constructor(readonly market: Market) {}

  price(ticks: number): number {
    return this.market.grid.price(ticks);
  }

  /** Dollars on inverse contracts, coins on others. */
  amount(lots: number): number {
    return this.market.grid.size(lots);
  }

  /** A price off the grid. */
  mark(price: number): number {
    return rounded(price, this.market.grid.priceScale + 2);
  }

  level([ticks, lots]: LevelTotal): [price: number, amount: number] {
    return [this.price(ticks), this.amount(lots)];
  }

  /** Coins, and what they came to in the quote currency, of lots and turnover. */
  volumes(lots: number, turnover: bigint): { readonly coins: number; readonly quote: number } {
    const exchanged = Number(this.market.formatTurnover(turnover, 8));
    const amount = this.amount(lots);
    return this.market.listing.inverse ? { coins: exchanged, quote: amount } : { coins: amount, quote: exchanged };
  }
}

/** The text of a market; one of each. */
export class Texts {
  readonly #texts = new Map<Market, MarketText>();

  of(market: Market): MarketText {
    const text = this.#texts.get(market) ?? new MarketText(market);
    this.#texts.set(market, text);
    return text;
  }
}
