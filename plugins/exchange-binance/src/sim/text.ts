import type { LevelTotal, Listing, Market } from '@speed-protocol/simulator';
import type { Family } from './products.js';

/** Spot prints eight decimals everywhere; futures print the tick's. */
const SPOT_DECIMALS = 8;

/** Numbers of one market as its product prints them. */
export class MarketText {
  readonly #decimals: number | undefined;

  constructor(
    readonly market: Market,
    readonly family: Family,
  ) {
    this.#decimals = family === 'spot' ? SPOT_DECIMALS : undefined;
  }

  price(ticks: number): string {
    return this.market.grid.formatPrice(ticks, this.#decimals);
  }

  size(lots: number): string {
    return this.market.grid.formatSize(lots, this.#decimals);
  }

  /** Quote volume on spot and linear, base volume on inverse. */
  turnover(turnover: bigint): string {
    return this.market.formatTurnover(turnover, this.#decimals ?? (this.family === 'inverse' ? 8 : undefined));
  }

  /** A price that is not on the grid (averages), with the decimals of the product. */
  free(price: number, extra = 0): string {
    return price.toFixed(this.#decimals ?? this.market.grid.priceScale + extra);
  }

  levels(levels: readonly LevelTotal[]): [string, string][] {
    return levels.map(([price, size]) => [this.price(price), this.size(size)]);
  }
}

/** The venue id of the pair that a futures symbol belongs to: `BTCUSD` of `BTCUSD_PERP`, `BTCUSDT` of `BTCUSDT_261225`. */
export function pairOf(venueSymbol: string): string {
  return venueSymbol.split('_')[0]!;
}

const QUARTER_MS = 92 * 86_400_000;

/** `contractType` of a futures listing. */
export function contractTypeOf({ expiry }: Pick<Listing, 'expiry'>, now: number): string {
  if (expiry === undefined) return 'PERPETUAL';
  return expiry - now < QUARTER_MS ? 'CURRENT_QUARTER' : 'NEXT_QUARTER';
}

/** Mark and index prices carry eight decimals. */
export function eight(value: number): string {
  return value.toFixed(8);
}
