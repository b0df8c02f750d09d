import assert from 'node:assert/strict';
import {
  type AnyAccount,
  type AnyTrading,
  type CommandOptions,
  type CommandOutcome,
  type Decimal,
  decimalPlaces,
  type Fill,
  fromScaled,
  type Instrument,
  type NewOrder,
  type Order,
  type OrderSide,
  type OrderStatus,
  toScaled,
} from '@speed-protocol/core';
import { type Account, type LedgerEntry, MONEY_SCALE, type UserOrder } from '@speed-protocol/simulator';
import type { Bench } from './check.js';

/** Far enough from the touch to rest, near enough for any price band. */
const RESTING_SHARE = 0.97;
const DAY_MS = 86_400_000;
/** So many times the least legal amount: enough to amend downwards, and to fill in parts. */
const SMALL_MULTIPLE = 4;

type OrderFill = Extract<LedgerEntry, { kind: 'fill' }>;

/** An account at work: orders that are legal on any venue, and what the simulation's own ledger knows of them. */
export class Trader {
  private constructor(
    readonly bench: Bench,
    readonly instrument: Instrument,
  ) {}

  static async open(bench: Bench, symbol = bench.symbol): Promise<Trader> {
    const instrument = await bench.world.settled(bench.connector.reference.instrument(symbol), 'the instrument');
    return new Trader(bench, instrument);
  }

  get world() {
    return this.bench.world;
  }

  get trading(): AnyTrading {
    if (!this.bench.connector.trading) throw new Error('the connector has no trading, though it declares it');
    return this.bench.connector.trading;
  }

  get account(): AnyAccount {
    if (!this.bench.connector.account) throw new Error('the connector has no account, though it declares one');
    return this.bench.connector.account;
  }

  /** The account as the simulation keeps it. */
  get truth(): Account {
    const { apiKey } = this.world.credentials as { readonly apiKey: string };
    const found = this.world.sim.accounts(this.bench.venue).byKey(apiKey);
    if (!found) throw new Error('the simulation does not know the credentials that it handed out');
    return found;
  }

  get ledger(): readonly LedgerEntry[] {
    const { id } = this.truth;
    return this.world.sim.accounts(this.bench.venue).ledger.entries.filter(({ account }) => account === id);
  }

  /** What the simulation knows of an order. */
  order(clientId: string): UserOrder | undefined {
    return this.truth.orders.filter((order) => order.clientId === clientId).at(-1);
  }

  /** How many orders with this id the venue ever took. */
  count(clientId: string): number {
    return this.truth.orders.filter((order) => order.clientId === clientId).length;
  }

  fillsOf(clientId: string): readonly OrderFill[] {
    return this.ledger.filter((entry): entry is OrderFill => entry.kind === 'fill' && entry.clientId === clientId);
  }

  /** A price that does not trade: below the bid for buyers, above the ask for sellers. */
  restingPrice(side: OrderSide = 'buy', share = RESTING_SHARE): Decimal {
    const touch = this.touch(side);
    return this.onTick(side === 'buy' ? touch * share : touch * (2 - share));
  }

  /** A limit that trades at once. */
  crossingPrice(side: OrderSide = 'buy'): Decimal {
    return this.onTick(this.touch(side === 'buy' ? 'sell' : 'buy') * (side === 'buy' ? 1.01 : 0.99));
  }

  /** A small legal amount. */
  amount(multiple = SMALL_MULTIPLE): Decimal {
    const { lotSize, minAmount = lotSize, minNotional, inverse, contractSize } = this.instrument;
    const price = this.touch('buy') * RESTING_SHARE ** 2;
    const worth = inverse ? Number(contractSize) : price * Number(contractSize);
    const least = Math.max(Number(minAmount), Number(minNotional ?? 0) / worth, Number(lotSize));
    return times(lotSize, Math.ceil((least * multiple) / Number(lotSize)));
  }

  /** So many lots, exactly. */
  lots(count: number): Decimal {
    return times(this.instrument.lotSize, count);
  }

  /** {@link amount} in lots. */
  amountInLots(): number {
    return Math.round(Number(this.amount()) / Number(this.instrument.lotSize));
  }

  /** A limit order to buy that rests, changed as asked. */
  request(change: Partial<NewOrder> = {}): NewOrder {
    const { symbol } = this.instrument;
    const side = change.side ?? 'buy';
    const limit = change.type === 'market' ? {} : { price: this.restingPrice(side) };
    const clientOrderId = this.trading.newClientOrderId();
    return { symbol, clientOrderId, side, type: 'limit', amount: this.amount(), ...limit, ...change };
  }

  place(order: NewOrder, options?: CommandOptions): Promise<CommandOutcome> {
    return this.world.settled(this.trading.placeOrder(order, options), 'the order to be placed');
  }

  /** Places and expects the venue to take it. */
  async placed(change: Partial<NewOrder> = {}, options?: CommandOptions): Promise<NewOrder> {
    const order = this.request(change);
    const outcome = await this.place(order, options);
    assert.equal(outcome.status, 'accepted', describe(outcome));
    assert.equal(this.count(order.clientOrderId), 1, 'orders with this id at the venue');
    return order;
  }

  async get({ symbol, clientOrderId }: NewOrder): Promise<Order> {
    const found = await this.world.settled(this.trading.getOrder({ symbol, clientOrderId }), 'the order');
    assert.ok(found, 'the venue does not know the order');
    return found;
  }

  async assertStatus(order: NewOrder, ...statuses: readonly OrderStatus[]): Promise<Order> {
    const found = await this.get(order);
    assert.ok(statuses.includes(found.status), `status ${found.status}, expected ${statuses.join(' or ')}`);
    assert.deepEqual([found.clientOrderId, found.symbol, found.side], [order.clientOrderId, order.symbol, order.side]);
    assert.deepEqual([typeof found.venueOrderId, Number(found.amount)], ['string', Number(order.amount)]);
    assert.ok(found.reduceOnly === null || found.reduceOnly === (order.reduceOnly ?? false), `reduceOnly ${found.reduceOnly}`);
    this.assertRecent(found.updatedAt, 'updatedAt');
    this.assertAverage(found);
    return found;
  }

  /** Milliseconds, and of about now: other units are off by years. */
  assertRecent(time: number, what: string): void {
    assert.ok(Math.abs(time - this.world.now) < DAY_MS, `${what} is ${time}, now is ${this.world.now}`);
  }

  /** An average lies between what it is made of. */
  assertAverage({ averagePrice, clientOrderId }: Order): void {
    const prices = this.fillsOf(clientOrderId ?? '').map(({ price }) => Number(this.grid.price(price)));
    if (prices.length === 0) return;
    assert.ok(averagePrice !== null, 'no average price, though some of it is filled');
    const [least, most] = [Math.min(...prices) * (1 - 1e-6), Math.max(...prices) * (1 + 1e-6)];
    assert.ok(Number(averagePrice) >= least && Number(averagePrice) <= most, `average ${averagePrice} of ${prices.join(', ')}`);
  }

  /** How much of an order the ledger has filled. */
  filledOf(clientId: string): number {
    return this.fillsOf(clientId).reduce((sum, { size }) => sum + Number(this.grid.size(size)), 0);
  }

  /** Holds fills against the ledger's: ids, prices, amounts, fees, to the last digit. */
  assertFills(told: readonly Fill[], clientId: string): void {
    const known = this.fillsOf(clientId);
    assert.ok(known.length > 0, 'the ledger has no fill of this order');
    assert.deepEqual(
      told.map(({ tradeId, price, amount, side, liquidity }) => [bare(tradeId), Number(price), Number(amount), side, liquidity]),
      known.map(({ tradeId, price, size, side, liquidity }) => [
        String(tradeId),
        Number(this.grid.price(price)),
        Number(this.grid.size(size)),
        side,
        liquidity,
      ]),
    );
    told.forEach((fill, at) => {
      this.assertFee(fill, known[at]!);
      this.assertProfit(fill, known[at]!);
      assert.equal(typeof fill.venueOrderId, 'string');
      assert.ok(fill.clientOrderId === null || fill.clientOrderId === clientId, `a fill of ${fill.clientOrderId}`);
      assert.equal(fill.symbol, this.instrument.symbol);
      this.assertRecent(fill.time, 'the time of a fill');
    });
  }

  private assertFee({ fee, feeCurrency }: Fill, known: OrderFill): void {
    if (fee === null) return;
    const charged = Number(known.fee) / 10 ** MONEY_SCALE;
    assert.ok(isNear(Number(fee), charged), `fee ${fee}, the ledger has ${charged}`);
    assert.equal(feeCurrency, known.feeAsset);
  }

  /** Some venues tell it after the fee. */
  private assertProfit({ realizedPnl }: Fill, known: OrderFill): void {
    if (realizedPnl === null) return;
    const [earned, fee] = [known.profit, known.fee].map((money) => Number(money) / 10 ** MONEY_SCALE) as [number, number];
    assert.ok(
      isNear(Number(realizedPnl), earned) || isNear(Number(realizedPnl), earned - fee),
      `a fill earned ${realizedPnl}, the ledger has ${earned}`,
    );
  }

  private get grid() {
    return this.world.sim.oracle.market(this.bench.venue, this.instrument.symbol).grid;
  }

  /** Best price of a side: of buyers the bid. */
  private touch(side: OrderSide): number {
    const { bids, asks } = this.world.sim.oracle.book(this.bench.venue, this.instrument.symbol);
    const [best] = side === 'buy' ? bids : asks;
    if (!best) throw new Error('the simulated book has an empty side');
    return best[0];
  }

  /** The nearest price on the grid. */
  onTick(price: number): Decimal {
    return times(this.instrument.tickSize, Math.round(price / Number(this.instrument.tickSize)));
  }
}

/** Money as venues print it, with eight decimals at least: fees of small orders in coins are not much more than that. */
export function isNear(told: number, known: number): boolean {
  return Math.abs(told - known) < 1.5e-8 + Math.abs(known) * 1e-6;
}

/** Some venues put the market before the number of a trade. */
const bare = (tradeId: string): string => tradeId.replace(/^.*-/, '');

/** `count` steps, exactly. */
function times(step: Decimal, count: number): Decimal {
  return fromScaled(toScaled(step, decimalPlaces(step)) * BigInt(count), decimalPlaces(step));
}

export function describe(outcome: CommandOutcome): string {
  if (outcome.status === 'accepted') return 'accepted';
  const why = outcome.status === 'rejected' ? outcome.reason : outcome.cause;
  return `${outcome.status}: ${why.kind}: ${why.message}`;
}
