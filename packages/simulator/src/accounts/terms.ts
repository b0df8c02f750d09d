import { decimal, decimalPlaces, isDecimal, toScaled } from '@speed-protocol/core';
import { keyOf, type Listing } from '../listing.js';

/** Decimals of every balance, fee, payment and profit: what an account holds is a whole number of these. */
export const MONEY_SCALE = 8;
/** Decimals of position values, so that rounding happens once, when a profit becomes money. */
export const VALUE_SCALE = 16;
/** Decimals of fee, margin and funding rates. */
export const RATE_SCALE = 8;

const VALUE_PER_MONEY = 10n ** BigInt(VALUE_SCALE - MONEY_SCALE);
const RATE_ONE = 10n ** BigInt(RATE_SCALE);

/** A value as money, the rest cut off toward zero: what is paid and held. */
export function toMoney(value: bigint): bigint {
  return value / VALUE_PER_MONEY;
}

/** A value of at least 0 as money, rounded up: what is demanded. */
export function toMoneyUp(value: bigint): bigint {
  return (value + VALUE_PER_MONEY - 1n) / VALUE_PER_MONEY;
}

/** A value as the nearest money, and what that leaves or lacks in value units: profits. */
export function splitMoney(value: bigint): { readonly money: bigint; readonly dust: bigint } {
  const money = divideNearest(value, VALUE_PER_MONEY);
  return { money, dust: value - money * VALUE_PER_MONEY };
}

/** Part of a value or an amount of money, toward zero. */
export function share(amount: bigint, rate: bigint): bigint {
  return (amount * rate) / RATE_ONE;
}

export function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** The exact arithmetic of one listing: texts to ticks and lots, ticks and lots to value. */
export class Terms {
  /** The listing's key. */
  readonly symbol: string;
  readonly derivative: boolean;
  readonly inverse: boolean;
  /** Asset of profit, fees and margin on derivatives; the quote asset on spot. */
  readonly settle: string;
  readonly base: string;
  readonly quote: string;
  /** Value units; 0 where the venue has no minimum. */
  readonly minNotional: bigint;
  readonly #tick: bigint;
  readonly #lot: bigint;
  readonly #contract: bigint;
  readonly #priceScale: number;
  readonly #sizeScale: number;
  readonly #contractScale: number;

  constructor(listing: Listing) {
    const [tick, lot, contract] = [decimal(listing.tickSize), decimal(listing.lotSize), decimal(listing.contractSize)];
    this.symbol = keyOf(listing);
    this.derivative = listing.kind !== 'spot';
    this.inverse = listing.inverse === true;
    this.settle = listing.settle ?? listing.quote;
    this.base = listing.base;
    this.quote = listing.quote;
    this.minNotional = toScaled(decimal(listing.minNotional ?? '0'), VALUE_SCALE);
    [this.#priceScale, this.#sizeScale, this.#contractScale] = [tick, lot, contract].map(decimalPlaces) as [
      number,
      number,
      number,
    ];
    this.#tick = toScaled(tick, this.#priceScale);
    this.#lot = toScaled(lot, this.#sizeScale);
    this.#contract = toScaled(contract, this.#contractScale);
  }

  /** Whole ticks of a decimal text; `undefined` when it is no decimal, not positive, or off the grid. */
  ticks(text: string): number | undefined {
    return steps(text, this.#priceScale, this.#tick);
  }

  /** As {@link ticks}, for a size. */
  lots(text: string): number | undefined {
    return steps(text, this.#sizeScale, this.#lot);
  }

  /** Worth of lots at a price (ticks) in the settle asset: price x size, or size / price on inverse; rounded down. */
  value(ticks: number, lots: number): bigint {
    const price = BigInt(ticks) * this.#tick;
    const contracts = BigInt(lots) * this.#lot * this.#contract;
    const scale = this.#sizeScale + this.#contractScale;
    if (this.inverse) return (contracts * 10n ** BigInt(VALUE_SCALE + this.#priceScale - scale)) / price;
    return rescale(price * contracts, scale + this.#priceScale, VALUE_SCALE);
  }

  /** Money of so many lots of the base asset; spot. */
  baseMoney(lots: number): bigint {
    return rescale(BigInt(lots) * this.#lot, this.#sizeScale, MONEY_SCALE);
  }

  /** Mean price of lots with this total value, as the nearest integer of `scale` decimals: harmonic on inverse. */
  meanPrice(value: bigint, lots: number, scale: number): bigint {
    const contracts = BigInt(lots) * this.#lot * this.#contract;
    const contractsScale = this.#sizeScale + this.#contractScale;
    if (value === 0n || contracts === 0n) return 0n;
    if (this.inverse) return divideNearest(contracts * 10n ** BigInt(VALUE_SCALE + scale), value * 10n ** BigInt(contractsScale));
    return divideNearest(value * 10n ** BigInt(contractsScale + scale), contracts * 10n ** BigInt(VALUE_SCALE));
  }
}

function steps(text: string, scale: number, step: bigint): number | undefined {
  if (!isDecimal(text) || text.length > 40 || decimalPlaces(text) > 20) return undefined;
  const wide = Math.max(scale, decimalPlaces(text));
  const units = toScaled(text, wide);
  const wideStep = step * 10n ** BigInt(wide - scale);
  if (units <= 0n || units % wideStep !== 0n) return undefined;
  const count = Number(units / wideStep);
  return Number.isSafeInteger(count) ? count : undefined;
}

function rescale(units: bigint, from: number, to: number): bigint {
  return from <= to ? units * 10n ** BigInt(to - from) : units / 10n ** BigInt(from - to);
}

/** Half away from zero; `by` is positive. */
function divideNearest(value: bigint, by: bigint): bigint {
  const half = value < 0n ? -by : by;
  return (2n * value + half) / (2n * by);
}
