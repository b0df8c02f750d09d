import {
  type Balance,
  decimal,
  type FeeRates,
  type Fill,
  type Instrument,
  type NewOrder,
  type OrderStatus,
  type Position,
  type PositionSide,
  type TimeInForce,
} from '@speed-protocol/core';
import { cell, negated, orderReader, type Params, type Row, rowReader, sumOf, tableReader, turned } from '@speed-protocol/wire';

const STATUSES: Readonly<Record<string, OrderStatus>> = {
  New: 'OPEN',
  Untriggered: 'OPEN',
  Triggered: 'OPEN',
  PartiallyFilled: 'PARTIALLY_FILLED',
  Filled: 'FILLED',
  Cancelled: 'CANCELED',
  PartiallyFilledCanceled: 'CANCELED',
  Rejected: 'REJECTED',
  Deactivated: 'CANCELED',
};

/** What ended as cancelled, and was not: only the reason tells. */
const ENDS: Readonly<Record<string, OrderStatus>> = {
  EC_PostOnlyWillTakeLiquidity: 'REJECTED',
  EC_NoImmediateQtyToFill: 'EXPIRED',
  EC_NoEnoughQtyToFill: 'EXPIRED',
  EC_CancelForNoFullFill: 'EXPIRED',
};

const TIMES: Readonly<Record<TimeInForce, string>> = { GTC: 'GTC', IOC: 'IOC', FOK: 'FOK', POST_ONLY: 'PostOnly' };
const SIDES = { buy: 'Buy', sell: 'Sell' } as const;
const LEGS: Readonly<Record<PositionSide, number>> = { long: 1, short: 2 };

/** Fields of an order. Amounts of spot are always counted in base. */
export function orderToWire(order: NewOrder, { kind }: Instrument): Params {
  const { clientOrderId, side, type, amount, price, timeInForce = 'GTC', reduceOnly, positionSide } = order;
  const isMarket = type === 'market';
  return {
    side: SIDES[side],
    orderType: isMarket ? 'Market' : 'Limit',
    qty: amount,
    price,
    timeInForce: isMarket ? undefined : TIMES[timeInForce],
    orderLinkId: clientOrderId,
    marketUnit: isMarket && kind === 'spot' ? 'baseCoin' : undefined,
    reduceOnly: reduceOnly === true ? true : undefined,
    positionIdx: positionSide && LEGS[positionSide],
  };
}

const SIDE = cell.word('side', turned(SIDES));
const LEG = cell.wordOrNull('positionIdx', { 1: 'long', 2: 'short' } as const);
const STATUS = cell.word('orderStatus', STATUSES);
const END = cell.wordOrNull('rejectReason', ENDS);
const TIME_IN_FORCE = cell.wordOrNull('timeInForce', turned(TIMES));
const PRICE = cell.exactUnlessZero('price');

/** Words that stand for none. */
const NO_WORD: ReadonlySet<unknown> = new Set([undefined, '', 'EC_NoError', 'UNKNOWN']);
const said = (word: unknown): string | null => (NO_WORD.has(word) ? null : String(word));
const isMarket = ({ orderType }: Row): boolean => orderType === 'Market';

/** An order, as queries and the topic `order` tell it. */
export const orderFromWire = orderReader({
  clientOrderId: cell.textOrNull('orderLinkId'),
  venueOrderId: cell.text('orderId'),
  side: SIDE,
  type: (row) => said(row['stopOrderType']) ?? String(row['orderType']).toLowerCase(),
  status: (row) => (STATUS(row) === 'CANCELED' && END(row)) || STATUS(row),
  timeInForce: (row) => (isMarket(row) ? null : TIME_IN_FORCE(row)),
  price: (row) => (isMarket(row) ? null : PRICE(row)),
  amount: cell.exact('qty'),
  filled: cell.exactOrZero('cumExecQty'),
  averagePrice: cell.exactUnlessZero('avgPrice'),
  reduceOnly: cell.flag('reduceOnly'),
  positionSide: LEG,
  reason: (row) => said(row['rejectReason']) ?? said(row['cancelType']),
  updatedAt: cell.time('updatedTime'),
});

/** What changes a position; funding and the like come as executions too. */
const FILLS: ReadonlySet<unknown> = new Set(['Trade', 'AdlTrade', 'BustTrade', 'Delivery', 'Settle', 'BlockTrade']);
export const isFill = ({ execType }: Row): boolean => FILLS.has(execType);

/** A row of `execution/list` and of the topic `execution`. The leg is not told. */
export const fillFromWire = rowReader<Fill>({
  tradeId: cell.text('execId'),
  venueOrderId: cell.text('orderId'),
  clientOrderId: cell.textOrNull('orderLinkId'),
  side: SIDE,
  price: cell.exact('execPrice'),
  amount: cell.exact('execQty'),
  // Paid is positive.
  fee: cell.exactOrNull('execFee'),
  feeCurrency: cell.textOrNull('feeCurrency'),
  liquidity: ({ isMaker }) => (isMaker === true ? 'maker' : 'taker'),
  realizedPnl: cell.exactOrNull('execPnl'),
  positionSide: cell.always(null),
  time: cell.time('execTime'),
});

const TOTAL = cell.exact('walletBalance');
/** By spot orders, by open orders and by positions. */
const TAKEN = ['locked', 'totalOrderIM', 'totalPositionIM'].map((name) => cell.exactOrZero(name));

/** Of one coin. Free is what neither spot orders nor margin take. */
export const balanceFromWire = tableReader<Omit<Balance, 'venue'>>({
  currency: cell.text('coin'),
  total: TOTAL,
  free: (row) => {
    const free = sumOf(TOTAL(row), ...TAKEN.map((taken) => negated(taken(row))));
    return free.startsWith('-') ? decimal('0') : free;
  },
});

const SIZE = cell.exactOrZero('size');

/** The margin mode is the whole account's and not told here. */
export const positionFromWire = rowReader<Position>({
  positionSide: LEG,
  amount: (row) => (row['side'] === 'Sell' ? negated(SIZE(row)) : SIZE(row)),
  // Over REST, and on the stream.
  entryPrice: cell.exactUnlessZero('avgPrice', 'entryPrice'),
  markPrice: cell.exactOrNull('markPrice'),
  liquidationPrice: cell.exactUnlessZero('liqPrice'),
  unrealizedPnl: cell.exactOrNull('unrealisedPnl'),
  leverage: cell.numberOrNull('leverage'),
  marginMode: cell.always(null),
  updatedAt: cell.time('updatedTime'),
});

export const feeRatesFromWire = tableReader<FeeRates>({ maker: cell.exact('makerFeeRate'), taker: cell.exact('takerFeeRate') });
