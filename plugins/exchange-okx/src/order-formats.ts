import type { Balance, FeeRates, Fill, NewOrder, OrderStatus, Position, TimeInForce } from '@speed-protocol/core';
import {
  cell,
  negated,
  orderReader,
  type Params,
  type Row,
  type RowTable,
  rowReader,
  tableReader,
  turned,
} from '@speed-protocol/wire';

/** There is no expired: what is left of IOC and FOK is canceled. */
const STATUSES: Readonly<Record<string, OrderStatus>> = {
  live: 'OPEN',
  partially_filled: 'PARTIALLY_FILLED',
  filled: 'FILLED',
  canceled: 'CANCELED',
  mmp_canceled: 'CANCELED',
};

/** The venue has one word for kind and time in force together. */
const TYPES: Readonly<Record<TimeInForce, string>> = { GTC: 'limit', IOC: 'ioc', FOK: 'fok', POST_ONLY: 'post_only' };
const TIMES = turned(TYPES);

/** Fields of an order. Amounts of spot are always counted in base. */
export function orderToWire(order: NewOrder, tdMode: string): Params {
  const { clientOrderId, side, type, amount, price, timeInForce = 'GTC', reduceOnly, positionSide } = order;
  return {
    tdMode,
    side,
    ordType: type === 'market' ? 'market' : TYPES[timeInForce],
    sz: amount,
    px: price,
    clOrdId: clientOrderId,
    posSide: positionSide,
    reduceOnly: reduceOnly === true && positionSide === undefined ? true : undefined,
    tgtCcy: type === 'market' && tdMode === 'cash' ? 'base_ccy' : undefined,
  };
}

const SIDE = cell.word('side', { buy: 'buy', sell: 'sell' } as const);
/** `net` and "" are no leg. */
const LEG = cell.wordOrNull('posSide', { long: 'long', short: 'short' } as const);
const PRICE = cell.exactOrNull('px');

/** An order, as queries and the channel `orders` tell it. */
export const orderFromWire = orderReader({
  clientOrderId: cell.textOrNull('clOrdId'),
  venueOrderId: cell.text('ordId'),
  side: SIDE,
  type: ({ ordType }) => (String(ordType) in TIMES ? 'limit' : String(ordType)),
  status: cell.word('state', STATUSES),
  timeInForce: cell.wordOrNull('ordType', TIMES),
  price: (row) => (row['ordType'] === 'market' ? null : PRICE(row)),
  amount: cell.exact('sz'),
  filled: cell.exactOrZero('accFillSz'),
  averagePrice: cell.exactUnlessZero('avgPx'),
  reduceOnly: cell.flag('reduceOnly'),
  positionSide: LEG,
  reason: cell.textOrNull('cancelSource'),
  updatedAt: cell.time('uTime'),
});

const FILL: RowTable<Fill> = {
  tradeId: cell.text('tradeId'),
  venueOrderId: cell.text('ordId'),
  clientOrderId: cell.textOrNull('clOrdId'),
  side: SIDE,
  price: cell.exact('fillPx'),
  amount: cell.exact('fillSz'),
  // Paid is negative.
  fee: cell.negatedOrNull('fee'),
  feeCurrency: cell.textOrNull('feeCcy'),
  liquidity: cell.wordOrNull('execType', { M: 'maker', T: 'taker' } as const),
  realizedPnl: cell.exactOrNull('fillPnl'),
  positionSide: LEG,
  time: cell.time('fillTime', 'ts'),
};

/** A row of `trade/fills`. */
export const fillFromWire = rowReader(FILL);

/** The fill that a message of the channel `orders` tells of; its `tradeId` is "" when it tells of none. */
export const fillOfOrder = rowReader<Fill>({
  ...FILL,
  fee: cell.negatedOrNull('fillFee'),
  feeCurrency: cell.textOrNull('fillFeeCcy'),
  time: cell.time('fillTime', 'uTime'),
});

/** Of one currency. */
export const balanceFromWire = tableReader<Omit<Balance, 'venue'>>({
  currency: cell.text('ccy'),
  total: cell.exact('cashBal'),
  free: cell.exactOrNull('availBal'),
});

const SIZE = cell.exactOrZero('pos');

/** Sizes are signed in net mode, positive on legs. */
export const positionFromWire = rowReader<Position>({
  positionSide: LEG,
  amount: (row) => (LEG(row) === 'short' && !SIZE(row).startsWith('-') ? negated(SIZE(row)) : SIZE(row)),
  entryPrice: cell.exactUnlessZero('avgPx'),
  markPrice: cell.exactOrNull('markPx'),
  liquidationPrice: cell.exactOrNull('liqPx'),
  unrealizedPnl: cell.exactOrNull('upl'),
  leverage: cell.numberOrNull('lever'),
  marginMode: cell.wordOrNull('mgnMode', { cross: 'cross', isolated: 'isolated' } as const),
  updatedAt: cell.time('uTime'),
});

const RATES = tableReader<FeeRates>({
  maker: (row) => negated(cell.exact('maker')(row)),
  taker: (row) => negated(cell.exact('taker')(row)),
});

/** By fee group since 2025-11; the fields beside it are on their way out. What is paid is negative. */
export function feeRatesFromWire(row: Row): FeeRates {
  const [group = row] = (row.feeGroup ?? []) as readonly Row[];
  return RATES(group);
}
