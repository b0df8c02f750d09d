import type { Candle, LevelTotal, Listing, Market } from '@speed-protocol/simulator';

/** The venue prints no zero that can be left out. */
export function trim(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A number that is not on any grid. */
export function free(value: number, decimals = 8): string {
  return trim(value.toFixed(decimals));
}

export function instTypeOf({ kind }: Pick<Listing, 'kind'>): string {
  return { spot: 'SPOT', perpetual: 'SWAP', future: 'FUTURES' }[kind];
}

/** The index that an instrument follows, e.g. `BTC-USDT`. */
export function indexOf({ base, quote }: Pick<Listing, 'base' | 'quote'>): string {
  return `${base}-${quote}`;
}

/** Numbers of one market as the venue prints them. */
export class MarketText {
  constructor(readonly market: Market) {}

  price(ticks: number): string {
    return trim(this.market.grid.formatPrice(ticks));
  }

  size(lots: number): string {
    return trim(this.market.grid.formatSize(lots));
  }

  /** A price off the grid, with a digit more than the tick has. */
  mark(price: number): string {
    return free(price, this.market.grid.priceScale + 1);
  }

  /** Price, size, a zero of old, orders. */
  level(side: 'bids' | 'asks', [price, lots]: LevelTotal): [string, string, string, string] {
    const orders = lots === 0 ? 0 : (this.market.engine[side].get(price)?.count ?? 1);
    return [this.price(price), this.size(lots), '0', String(orders)];
  }

  /** Volume in currency (quote on spot, base on derivatives) and in quote, of lots and turnover. */
  volumes(lots: number, turnover: bigint): readonly [currency: string, quote: string] {
    const { listing, grid } = this.market;
    const exchanged = Number(this.market.formatTurnover(turnover));
    const contracts = grid.size(lots) * Number(listing.contractSize);
    if (listing.kind === 'spot') return [free(exchanged), free(exchanged)];
    if (listing.inverse) return [free(exchanged), free(contracts)];
    return [free(contracts), free(exchanged * Number(listing.contractSize))];
  }

  /** A candle; the last column says whether it is over. */
  candle({ openTime, open, high, low, close, volume, turnover }: CandleLike, over: boolean): string[] {
    const prices = [open, high, low, close].map((ticks) => this.price(ticks));
    return [String(openTime), ...prices, this.size(volume), ...this.volumes(volume, turnover), over ? '1' : '0'];
  }
}

export type CandleLike = Pick<Candle, 'openTime' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'turnover'>;
