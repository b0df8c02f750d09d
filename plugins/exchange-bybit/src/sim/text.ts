import type { Candle, LevelTotal, Market } from '@speed-protocol/simulator';

/** A number that is not on any grid. */
export function free(value: number, decimals = 8): string {
  const text = value.toFixed(decimals);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

export type CandleLike = Pick<Candle, 'openTime' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'turnover'>;

/** Numbers of one market as the venue prints them: prices and sizes with all decimals of their steps. */
export class MarketText {
  constructor(readonly market: Market) {}

  price(ticks: number): string {
    return this.market.grid.formatPrice(ticks);
  }

  size(lots: number): string {
    return this.market.grid.formatSize(lots);
  }

  /** A price that is not traded at, rounded to the tick's decimals. */
  mark(price: number): string {
    return price.toFixed(this.market.grid.priceScale);
  }

  level([price, lots]: LevelTotal): [string, string] {
    return [this.price(price), lots === 0 ? '0' : this.size(lots)];
  }

  /** Exchanged value: quote on spot and linear contracts, base on inverse ones. */
  turnover(turnover: bigint): string {
    return free(Number(this.market.formatTurnover(turnover)));
  }

  candle({ openTime, open, high, low, close, volume, turnover }: CandleLike): string[] {
    const prices = [open, high, low, close].map((ticks) => this.price(ticks));
    return [String(openTime), ...prices, this.size(volume), this.turnover(turnover)];
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
