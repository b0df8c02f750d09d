import type { Listing } from './listing.js';

/** Decimal text as an integer and its number of decimals: `"0.10"` is `{ units: 10, scale: 2 }`. */
function parseScaled(text: string): { units: number; scale: number } {
  const point = text.indexOf('.');
  const scale = point < 0 ? 0 : text.length - point - 1;
  return { units: Number(text.replace('.', '')), scale };
}

/** `units` x 10^-scale as plain decimal text, e.g. `formatUnits(1500, 3)` is `"1.500"`. */
export function formatUnits(units: number | bigint, scale: number): string {
  if (scale === 0) return String(units);
  const negative = units < 0;
  const digits = String(negative ? -units : units).padStart(scale + 1, '0');
  const split = digits.length - scale;
  return `${negative ? '-' : ''}${digits.slice(0, split)}.${digits.slice(split)}`;
}

/**
 * Prices as whole ticks and sizes as whole lots: the engine knows integers only, text and float64 appear at the edge.
 * Integers are float64 and stay below 2^53.
 */
export class Grid {
  readonly priceScale: number;
  readonly sizeScale: number;
  readonly #tickUnits: number;
  readonly #lotUnits: number;

  constructor(listing: Pick<Listing, 'tickSize' | 'lotSize'>) {
    ({ units: this.#tickUnits, scale: this.priceScale } = parseScaled(listing.tickSize));
    ({ units: this.#lotUnits, scale: this.sizeScale } = parseScaled(listing.lotSize));
  }

  /** Text of a price, with the tick's decimals or more. */
  formatPrice(ticks: number, decimals = this.priceScale): string {
    return padDecimals(formatUnits(ticks * this.#tickUnits, this.priceScale), this.priceScale, decimals);
  }

  /** Text of a size, with the lot's decimals or more. */
  formatSize(lots: number, decimals = this.sizeScale): string {
    return padDecimals(formatUnits(lots * this.#lotUnits, this.sizeScale), this.sizeScale, decimals);
  }

  price(ticks: number): number {
    return Number(this.formatPrice(ticks));
  }

  size(lots: number): number {
    return Number(this.formatSize(lots));
  }

  /** The nearest tick to a price. */
  nearestTicks(price: number): number {
    return Math.round((price * 10 ** this.priceScale) / this.#tickUnits);
  }

  /** The nearest lot to a size. */
  nearestLots(size: number): number {
    return Math.round((size * 10 ** this.sizeScale) / this.#lotUnits);
  }

  /** Ticks of a decimal text, or `undefined` when it is not on the grid. */
  exactTicks(text: string): number | undefined {
    return exact(text, this.priceScale, this.#tickUnits);
  }

  /** Lots of a decimal text, or `undefined` when it is not on the grid. */
  exactLots(text: string): number | undefined {
    return exact(text, this.sizeScale, this.#lotUnits);
  }

  /** price x size as an integer of scale {@link notionalScale}. */
  notional(ticks: number, lots: number): bigint {
    return BigInt(ticks * this.#tickUnits) * BigInt(lots * this.#lotUnits);
  }

  get notionalScale(): number {
    return this.priceScale + this.sizeScale;
  }
}

function padDecimals(text: string, scale: number, decimals: number): string {
  if (decimals <= scale) return text;
  return scale === 0 ? `${text}.${'0'.repeat(decimals)}` : text + '0'.repeat(decimals - scale);
}

function exact(text: string, scale: number, step: number): number | undefined {
  const parsed = parseScaled(text);
  const units = parsed.scale <= scale ? parsed.units * 10 ** (scale - parsed.scale) : parsed.units / 10 ** (parsed.scale - scale);
  const steps = units / step;
  return Number.isSafeInteger(steps) ? steps : undefined;
}
