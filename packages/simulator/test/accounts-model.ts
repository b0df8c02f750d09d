import type { LedgerEntry, Listing, UserOrder } from '../src/index.js';

/** Rates in hundred-millionths. */
export interface ModelRates {
  readonly maker: bigint;
  readonly taker: bigint;
}

interface ModelPosition {
  size: bigint;
  cost: bigint;
  realized: bigint;
}

type Fill = Extract<LedgerEntry, { kind: 'fill' }>;

const TO_MONEY = 10n ** 8n;

/**
 * What accounts own, worked out again from orders, fills and payments of the ledger alone: fees, profits, holds and
 * totals that the ledger states are not read but computed, with fractions.
 */
export class AccountsModel {
  readonly totals = new Map<string, bigint>();
  readonly positions = new Map<string, ModelPosition>();
  readonly orders = new Map<number, UserOrder>();
  /** Sums per asset of what left the accounts as fees, and of what came from outside. */
  readonly fees = new Map<string, bigint>();
  readonly inflow = new Map<string, bigint>();
  dust = 0n;
  readonly #listing: Listing;
  readonly #rates: ModelRates;

  constructor(listing: Listing, rates: ModelRates) {
    this.#listing = listing;
    this.#rates = rates;
  }

  read(entry: LedgerEntry): void {
    if (entry.kind === 'order') this.orders.set(entry.order.id, entry.order);
    else if (entry.kind === 'fill') this.#fill(entry);
    else if (entry.kind === 'funding') this.#fund(entry);
    else if (entry.kind === 'balance' && (entry.cause === 'deposit' || entry.cause === 'insurance')) {
      this.#add(entry.account, entry.asset, entry.change);
      add(this.inflow, entry.asset, entry.change);
    }
  }

  total(account: string, asset: string): bigint {
    return this.totals.get(`${account}/${asset}`) ?? 0n;
  }

  /** What the open spot orders of an account hold of an asset. */
  locked(account: string, asset: string): bigint {
    if (this.#listing.kind !== 'spot') return 0n;
    let sum = 0n;
    for (const { account: owner, status, side, price, size, filled } of this.orders.values()) {
      if (owner !== account || price === undefined || (status !== 'open' && status !== 'partially-filled')) continue;
      const left = size - filled;
      if (side === 'sell' && asset === this.#listing.base) sum += this.#value(undefined, left) / TO_MONEY;
      if (side === 'buy' && asset === this.#listing.quote) sum += this.#value(price, left) / TO_MONEY;
    }
    return sum;
  }

  #fill(fill: Fill): void {
    const value = this.#value(fill.price, fill.size);
    const rate = this.#rates[fill.liquidity];
    if (this.#listing.kind === 'spot') this.#fillSpot(fill, value / TO_MONEY, rate);
    else this.#fillDerivative(fill, value, rate);
  }

  #fillDerivative(fill: Fill, value: bigint, rate: bigint): void {
    const settle = this.#listing.settle as string;
    const gain = this.#move(fill, value);
    const profit = nearest(gain);
    this.dust += gain - profit * TO_MONEY;
    this.#position(fill.account, fill.leg).realized += profit;
    this.#add(fill.account, settle, profit);
    this.#fee(fill.account, settle, (value * rate) / TO_MONEY / TO_MONEY);
  }

  #fillSpot({ account, side, size }: Fill, paid: bigint, rate: bigint): void {
    const { base, quote } = this.#listing;
    const got = this.#value(undefined, size) / TO_MONEY;
    const sign = side === 'buy' ? 1n : -1n;
    this.#add(account, base, sign * got);
    this.#add(account, quote, -sign * paid);
    this.#fee(account, side === 'buy' ? base : quote, ((side === 'buy' ? got : paid) * rate) / TO_MONEY);
  }

  /** Takes a fill lot by lot in thought: first what closes, then what opens. @returns the gain in 10^-16 */
  #move({ account, side, leg, price, size }: Fill, value: bigint): bigint {
    const position = this.#position(account, leg);
    const signed = BigInt(side === 'buy' ? size : -size);
    const turns = position.size * signed < 0n;
    const closes = turns ? min(abs(signed), abs(position.size)) : 0n;
    const closedValue = closes === BigInt(size) ? value : closes === 0n ? 0n : this.#value(price, Number(closes));
    const released = closes === 0n ? 0n : (position.cost * closes) / abs(position.size);
    const direction = (position.size < 0n ? -1n : 1n) * (this.#listing.inverse ? -1n : 1n);
    position.cost += value - closedValue - released;
    position.size += signed;
    return closes === 0n ? 0n : direction * (closedValue - released);
  }

  #fund(entry: Extract<LedgerEntry, { kind: 'funding' }>): void {
    const { account, leg, markPrice, rate, asset } = entry;
    const { size } = this.#position(account, leg);
    const value = this.#value(markPrice, Number(abs(size)));
    const owed = (value * rate) / TO_MONEY / TO_MONEY;
    const payment = size > 0n ? -owed : owed;
    this.#add(account, asset, payment);
    add(this.inflow, asset, payment);
  }

  #position(account: string, leg: string): ModelPosition {
    const key = `${account}/${leg}`;
    const found = this.positions.get(key) ?? { size: 0n, cost: 0n, realized: 0n };
    this.positions.set(key, found);
    return found;
  }

  #fee(account: string, asset: string, fee: bigint): void {
    this.#add(account, asset, -fee);
    add(this.fees, asset, fee);
  }

  #add(account: string, asset: string, change: bigint): void {
    add(this.totals, `${account}/${asset}`, change);
  }

  /** Worth of lots at a price in ticks, in 10^-16, rounded down; without a price the lots themselves. */
  #value(ticks: number | undefined, lots: number): bigint {
    const { tickSize, lotSize, contractSize, inverse } = this.#listing;
    const [price, priceBy] = ticks === undefined ? [1n, 1n] : times(fraction(tickSize), ticks);
    const [size, sizeBy] = times(fraction(lotSize), lots);
    const [contract, contractBy] = fraction(contractSize);
    const one = 10n ** 16n;
    if (inverse) return (one * size * contract * priceBy) / (sizeBy * contractBy * price);
    return (one * size * contract * price) / (sizeBy * contractBy * priceBy);
  }
}

function fraction(text: string): [bigint, bigint] {
  const [whole, decimals = ''] = text.split('.');
  return [BigInt(`${whole}${decimals}`), 10n ** BigInt(decimals.length)];
}

function times([top, bottom]: [bigint, bigint], by: number): [bigint, bigint] {
  return [top * BigInt(by), bottom];
}

function nearest(value: bigint): bigint {
  const money = (abs(value) + TO_MONEY / 2n) / TO_MONEY;
  return value < 0n ? -money : money;
}

function add(sums: Map<string, bigint>, key: string, change: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + change);
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
