import type { Trade } from '../engine/types.js';
import type { FundingSettlement } from '../market/funding.js';
import type { Account, OrderRecord } from './account.js';
import type { BalanceCause, Ledger, OrderCause } from './ledger.js';
import { ceilMoney, workloadOf } from './margin.js';
import type { Position } from './position.js';
import { RATE_SCALE, share, type Terms, toMoney } from './terms.js';
import type { AccountRates, UserOrder, UserOrderStatus } from './types.js';

/** Moves money and positions, and writes down every move. Whether something may happen is decided elsewhere. */
export class Settlement {
  constructor(
    readonly ledger: Ledger,
    readonly rates: AccountRates,
  ) {}

  credit(account: Account, asset: string, change: bigint, cause: BalanceCause): void {
    if (change !== 0n) this.#move(account, asset, change, 0n, cause);
  }

  /** Locks what the open part of a spot order can cost, and frees the rest. */
  #hold(account: Account, order: OrderRecord, terms: Terms): void {
    const hold = holdOf(order, terms);
    const change = hold - order.hold;
    order.hold = hold;
    if (change !== 0n) this.#move(account, order.side === 'buy' ? terms.quote : terms.base, 0n, change, 'hold');
  }

  /** Ends an order that is not filled, and frees its hold. */
  finish(
    account: Account,
    order: OrderRecord,
    terms: Terms,
    end: { status: UserOrderStatus; cause: OrderCause; time: number },
  ): void {
    order.status = end.status;
    order.endedBy = end.cause;
    account.finish(order);
    this.noteAndHold(account, order, terms, end);
  }

  /** Writes down how an order stands now, and what it holds: at once. */
  noteAndHold(
    account: Account,
    order: OrderRecord,
    terms: Terms,
    { cause, time }: { readonly cause: OrderCause; readonly time: number },
  ): void {
    this.ledger.together(() => {
      this.#note(account, order, terms, { cause, time });
      this.#hold(account, order, terms);
    });
  }

  /** One execution of one order of the account. */
  fill(account: Account, order: OrderRecord, terms: Terms, trade: Trade): void {
    order.filled += trade.size;
    order.filledValue += terms.value(trade.price, trade.size);
    order.status = order.filled === order.size ? 'filled' : 'partially-filled';
    if (order.status === 'filled') account.finish(order);
    this.ledger.together(() => {
      this.#note(account, order, terms, { cause: 'trade', time: trade.time });
      if (terms.derivative) this.#fillDerivative(account, order, terms, trade);
      else this.#fillSpot(account, order, terms, trade);
    });
  }

  /** Pays or takes funding on a position. */
  fund(account: Account, position: Position, settlement: FundingSettlement, markPrice: number): void {
    const { terms, leg, size } = position;
    const rate = BigInt(Math.round(settlement.rate * 10 ** RATE_SCALE));
    const payment = -toMoney(share(position.exposure(markPrice), rate));
    const asset = terms.settle;
    this.ledger.together(() => {
      this.ledger.append(account.id, { kind: 'funding', symbol: terms.symbol, leg, size, markPrice, rate, payment, asset });
      this.credit(account, asset, payment, 'funding');
      if (!account.isIsolated(terms.symbol)) return;
      position.wallet += payment;
      this.notePosition(account, position);
    });
  }

  /** Writes down how an order stands now, and reckons with it from now on. */
  #note(
    account: Account,
    order: OrderRecord,
    terms: Terms,
    { cause, time }: { readonly cause: OrderCause; readonly time: number },
  ): void {
    order.updatedAt = time;
    account.setWorkload(order, terms, workloadOf(order, terms));
    this.ledger.append(order.account, { kind: 'order', cause, order: snapshot(order) });
  }

  #fillSpot(account: Account, order: OrderRecord, terms: Terms, trade: Trade): void {
    const [paid, got] = [toMoney(terms.value(trade.price, trade.size)), terms.baseMoney(trade.size)];
    const buys = order.side === 'buy';
    const fee = share(buys ? got : paid, this.#feeRate(order, trade));
    const feeAsset = buys ? terms.base : terms.quote;
    this.#noteFill(order, trade, { fee, feeAsset, profit: 0n, dust: 0n });
    this.#hold(account, order, terms);
    this.credit(account, terms.quote, buys ? -paid : paid, 'trade');
    this.credit(account, terms.base, buys ? got : -got, 'trade');
    this.credit(account, feeAsset, -fee, 'fee');
  }

  #fillDerivative(account: Account, order: OrderRecord, terms: Terms, trade: Trade): void {
    const position = account.position(terms, order.leg);
    const fee = toMoney(share(terms.value(trade.price, trade.size), this.#feeRate(order, trade)));
    const before = position.size;
    const { profit, dust } = position.apply(order.side, trade.price, trade.size);
    if (account.isIsolated(terms.symbol))
      setAside(position, before, { ...trade, side: order.side }, account.leverage(terms.symbol));
    this.#noteFill(order, trade, { fee, feeAsset: terms.settle, profit, dust });
    this.credit(account, terms.settle, profit, 'profit');
    this.credit(account, terms.settle, -fee, 'fee');
    this.notePosition(account, position);
  }

  /** Writes down how a position stands now. */
  notePosition(account: Account, position: Position): void {
    const { terms, leg, size, cost, realized, wallet } = position;
    const entry = { kind: 'position', symbol: terms.symbol, leg, size, cost, realized } as const;
    this.ledger.append(account.id, account.isIsolated(terms.symbol) ? { ...entry, wallet } : entry);
  }

  #noteFill(
    order: OrderRecord,
    trade: Trade,
    money: { readonly fee: bigint; readonly feeAsset: string; readonly profit: bigint; readonly dust: bigint },
  ): void {
    const { symbol, id: orderId, clientId, side, leg } = order;
    const liquidity = trade.makerOrderId === orderId ? 'maker' : 'taker';
    const { id: tradeId, price, size } = trade;
    this.ledger.append(order.account, {
      kind: 'fill',
      symbol,
      tradeId,
      orderId,
      clientId,
      side,
      leg,
      price,
      size,
      liquidity,
      ...money,
    });
  }

  #feeRate(order: OrderRecord, trade: Trade): bigint {
    return trade.makerOrderId === order.id ? this.rates.maker : this.rates.taker;
  }

  #move(account: Account, asset: string, change: bigint, locked: bigint, cause: BalanceCause): void {
    const after = account.credit(asset, change, locked);
    this.ledger.append(account.id, { kind: 'balance', cause, change, ...after });
  }
}

/** Isolated margin: what closes gives its part of the wallet back, what opens brings its initial margin. */
function setAside(position: Position, before: number, { side, size, price }: Omit<Trade, 'id'>, leverage: number): void {
  const closes = before !== 0 && before > 0 === (side === 'sell');
  const closed = closes ? Math.min(size, Math.abs(before)) : 0;
  if (closed > 0) position.wallet -= (position.wallet * BigInt(closed)) / BigInt(Math.abs(before));
  if (size > closed) position.wallet += ceilMoney(position.terms.value(price, size - closed), leverage);
}

/** Money that an open spot order holds: of the quote asset for a buy, of the base asset for a sale. */
export function holdOf(order: Pick<UserOrder, 'side' | 'price' | 'size' | 'filled' | 'status'>, terms: Terms): bigint {
  const open = order.status === 'open' || order.status === 'partially-filled';
  if (terms.derivative || !open || order.price === undefined) return 0n;
  const lots = order.size - order.filled;
  return order.side === 'sell' ? terms.baseMoney(lots) : toMoney(terms.value(order.price, lots));
}

/** A copy that no longer changes. */
export function snapshot({ hold: _, workload: __, selfTrade: ___, bound: ____, ...order }: OrderRecord): UserOrder {
  return Object.freeze(order);
}
