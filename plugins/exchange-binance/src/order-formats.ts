import type { Balance, FeeRates, Fill, Order, OrderStatus, Position } from '@speed-protocol/core';
import {
  averageOf,
  cell,
  orderReader,
  type Row,
  type RowReader,
  type RowTable,
  rowReader,
  sumOf,
  tableReader,
  turned,
} from '@speed-protocol/wire';
import { LEGS, SIDES, TIMES } from './order-text.js';

/** https://developers.binance.com/docs: "Order status". What is not listed is nothing that an order of ours becomes. */
const STATUSES: Readonly<Record<string, OrderStatus>> = {
  NEW: 'OPEN',
  PENDING_NEW: 'OPEN',
  PENDING_CANCEL: 'OPEN',
  PARTIALLY_FILLED: 'PARTIALLY_FILLED',
  FILLED: 'FILLED',
  CANCELED: 'CANCELED',
  REJECTED: 'REJECTED',
  EXPIRED: 'EXPIRED',
  // Self-trade prevention.
  EXPIRED_IN_MATCH: 'EXPIRED',
};

/** A condition that has made an order of one of these types keeps its own name. */
const TYPES: Readonly<Record<string, string>> = { LIMIT: 'limit', MARKET: 'market', LIMIT_MAKER: 'limit' };

/** Where the terms of an order stand; of several names the first that says something counts. */
type OrderNames = Readonly<
  Record<'id' | 'side' | 'time' | 'status' | 'price' | 'filled', string> & Record<'type' | 'amount' | 'at', readonly string[]>
>;

/** What all rows of orders say, under names of their own. */
function termsOf(names: OrderNames) {
  const [TYPE, PRICE] = [cell.text(...names.type), cell.exactUnlessZero(names.price)];
  const STATUS = cell.wordOrNull(names.status, STATUSES);
  const TIME = cell.wordOrNull(names.time, turned(TIMES));
  return {
    venueOrderId: cell.text(names.id),
    side: cell.word(names.side, turned(SIDES)),
    type: (row) => TYPES[TYPE(row)] ?? TYPE(row),
    timeInForce: (row) => {
      const type = TYPE(row);
      return type === 'LIMIT_MAKER' ? 'POST_ONLY' : type === 'MARKET' ? null : TIME(row);
    },
    status: (row) => STATUS(row) ?? 'UNKNOWN',
    price: (row) => (TYPE(row) === 'MARKET' ? null : PRICE(row)),
    amount: cell.exact(...names.amount),
    filled: cell.exact(names.filled),
    updatedAt: cell.time(...names.at),
  } satisfies Partial<RowTable<Order>>;
}

const LEG = cell.wordOrNull('positionSide', turned(LEGS));

const ANSWER = {
  // In spot's answers to cancels the order's own id stands beside that of the cancel.
  clientOrderId: cell.textOrNull('origClientOrderId', 'clientOrderId'),
  ...termsOf({
    ...{ id: 'orderId', side: 'side', time: 'timeInForce', status: 'status', price: 'price', filled: 'executedQty' },
    type: ['origType', 'type'],
    // `qty` in answers to spot's amendments.
    amount: ['origQty', 'qty'],
    at: ['updateTime', 'transactTime', 'workingTime', 'time'],
  }),
  reduceOnly: ({ reduceOnly }: Row) => (reduceOnly as boolean | undefined) ?? null,
  positionSide: LEG,
  reason: cell.textOrNull('expiryReason'),
};
/** Acknowledgements carry none since 2026-06-30; questions do. */
const futuresOrder = orderReader({ ...ANSWER, averagePrice: cell.exactUnlessZero('avgPrice') });

/** The venue's spelling, and the other one in answers to amendments. */
const COST = cell.exactOrNull('cummulativeQuoteQty', 'cumulativeQuoteQty');
const spotOrder = orderReader({
  ...ANSWER,
  averagePrice: (row) => {
    const cost = COST(row);
    // Negative: an order so old that the venue does not know.
    return cost !== null && Number(cost) > 0 ? averageOf(cost, ANSWER.filled(row)) : null;
  },
});

/** An order as placing, cancelling, amending and asking answer it. */
export const orderFromWire: RowReader<Order> = (venue, symbol, row) =>
  (venue === 'binance' ? spotOrder : futuresOrder)(venue, symbol, row);

const OWN_ID = cell.textOrNull('c');
const TOLD_LEG = cell.wordOrNull('ps', turned(LEGS));

const EVENT = {
  clientOrderId: OWN_ID,
  ...termsOf({
    ...{ id: 'i', side: 'S', time: 'f', status: 'X', price: 'p', filled: 'z' },
    // `ot`: what an order of futures was placed as.
    ...{ type: ['ot', 'o'], amount: ['q'], at: ['T'] },
  }),
  reduceOnly: ({ R }: Row) => (R as boolean | undefined) ?? null,
  positionSide: TOLD_LEG,
};
const CANCELLED_ID = cell.textOrNull('C', 'c');
const TOTAL_COST = cell.exact('Z');
const [EXPIRY, REFUSAL] = [cell.textOrNull('eR'), cell.textOrNull('r')];

/** Spot's event of an order. https://developers.binance.com/docs: "User data streams", "executionReport". */
export const orderOfReport = orderReader({
  ...EVENT,
  // `c` is then the cancel's.
  clientOrderId: (row) => (row['x'] === 'CANCELED' ? CANCELLED_ID : OWN_ID)(row),
  averagePrice: (row) => averageOf(TOTAL_COST(row), EVENT.filled(row)),
  reason: (row) => EXPIRY(row) ?? (row['r'] === 'NONE' ? null : REFUSAL(row)),
});

/** Futures' event of an order. "User data streams", "ORDER_TRADE_UPDATE" of each product. */
export const orderOfUpdate = orderReader({
  ...EVENT,
  averagePrice: cell.exactUnlessZero('ap'),
  // "0" when it did not expire.
  reason: ({ er = '0' }) => (String(er) === '0' ? null : String(er)),
});

const SIDE = cell.word('side', turned(SIDES));
const PNL = cell.exact('realizedPnl');
const saysWhoBought = ({ isBuyer }: Row): boolean => isBuyer !== undefined;

/** A row of `myTrades`, which says who bought and earns nothing, and of `userTrades`. */
export const fillFromWire = rowReader<Fill>({
  tradeId: cell.text('id'),
  venueOrderId: cell.text('orderId'),
  clientOrderId: cell.always(null),
  side: (row) => (saysWhoBought(row) ? (row['isBuyer'] ? 'buy' : 'sell') : SIDE(row)),
  price: cell.exact('price'),
  amount: cell.exact('qty'),
  fee: cell.exact('commission'),
  feeCurrency: cell.text('commissionAsset'),
  liquidity: ({ isMaker, maker = isMaker }) => (maker ? 'maker' : 'taker'),
  realizedPnl: (row) => (saysWhoBought(row) ? null : PNL(row)),
  positionSide: LEG,
  time: cell.time('time'),
});

const TOLD: RowTable<Fill> = {
  tradeId: cell.text('t'),
  venueOrderId: cell.text('i'),
  clientOrderId: OWN_ID,
  side: cell.word('S', turned(SIDES)),
  price: cell.exact('L'),
  amount: cell.exact('l'),
  // No fee is said as an absent one.
  fee: cell.exactOrZero('n'),
  feeCurrency: cell.textOrNull('N'),
  liquidity: ({ m }) => (m ? 'maker' : 'taker'),
  realizedPnl: cell.exactOrNull('rp'),
  positionSide: TOLD_LEG,
  time: cell.time('T'),
};

/** The fill that an event of an order tells of. */
export const fillOfEvent = rowReader(TOLD);

/** USD-M: a fill ahead of its order's event. Neither fee nor position side is said. */
export const fillOfLite = rowReader<Fill>({ ...TOLD, fee: cell.always(null) });

const CURRENCY = cell.text('asset', 'a');
const [FREE, LOCKED] = [cell.exact('free', 'f'), cell.exact('locked', 'l')];
const AVAILABLE = cell.exact('availableBalance');

type Held = Omit<Balance, 'venue'>;

/** Of one currency, over REST and on streams. Spot tells what is free and what is held back. */
export const spotBalance = tableReader<Held>({
  currency: CURRENCY,
  total: (row) => sumOf(FREE(row), LOCKED(row)),
  free: FREE,
});
/** Streams do not tell what is free. */
export const futuresBalance = tableReader<Held>({
  currency: CURRENCY,
  total: cell.exact('balance', 'wb'),
  free: (row) => ('wb' in row ? null : AVAILABLE(row)),
});

const MARGIN = cell.textOrNull('marginType', 'mt');

/**
 * Over REST, and on streams, which tell less. Leverage and margin mode stand in the row on COIN-M, and on USD-M in one of
 * `symbolConfig`.
 */
export const positionFromWire = rowReader<Position>({
  positionSide: (row) => LEG(row) ?? TOLD_LEG(row),
  amount: cell.exact('positionAmt', 'pa'),
  entryPrice: cell.exactUnlessZero('entryPrice', 'ep'),
  markPrice: cell.exactUnlessZero('markPrice'),
  liquidationPrice: cell.exactUnlessZero('liquidationPrice'),
  unrealizedPnl: cell.exact('unRealizedProfit', 'up'),
  leverage: cell.numberOrNull('leverage'),
  // `CROSSED`, `cross`, `ISOLATED`, `isolated`: each route spells it in its own way.
  marginMode: (row) => {
    const said = MARGIN(row);
    return said === null ? null : /^iso/i.test(said) ? 'isolated' : 'cross';
  },
  updatedAt: cell.time('updateTime', 'T'),
});

const RATES = tableReader<FeeRates>({
  maker: cell.exact('makerCommissionRate', 'maker'),
  taker: cell.exact('takerCommissionRate', 'taker'),
});

/** On spot they are parts that add up. */
export function feeRatesFromWire({ standardCommission, specialCommission, taxCommission, ...futures }: Row): FeeRates {
  const parts = [standardCommission ?? futures, specialCommission, taxCommission].filter((part) => part !== undefined);
  const rates = parts.map((part) => RATES(part as Row));
  return { maker: sumOf(...rates.map(({ maker }) => maker)), taker: sumOf(...rates.map(({ taker }) => taker)) };
}
