import type { Balance, FeeRates, Fill, NewOrder, OrderStatus, Position, TimeInForce } from '@speed-protocol/core';
import { cell, orderReader, type Params, type Row, rowReader, tableReader } from '@speed-protocol/wire';

/** What is left of IOC and FOK is cancelled; what is open may be filled in parts. */
const STATUSES: Readonly<Record<string, OrderStatus>> = {
  open: 'OPEN',
  untriggered: 'OPEN',
  triggered: 'OPEN',
  filled: 'FILLED',
  cancelled: 'CANCELED',
  rejected: 'REJECTED',
};

const TIMES: Readonly<Record<TimeInForce, string>> = {
  GTC: 'good_til_cancelled',
  IOC: 'immediate_or_cancel',
  FOK: 'fill_or_kill',
  POST_ONLY: 'good_til_cancelled',
};
const TIMES_BACK: Readonly<Record<string, TimeInForce>> = {
  good_til_cancelled: 'GTC',
  immediate_or_cancel: 'IOC',
  fill_or_kill: 'FOK',
};

/** Post-only orders that would take are refused: by itself the venue moves them to another price. */
const POST_ONLY: Params = { post_only: true, reject_post_only: true };

/** Fields of an order. Amounts are the venue's own: dollars on inverse contracts, coins on others. */
export function orderToWire({ clientOrderId, type, amount, price, timeInForce = 'GTC', reduceOnly }: NewOrder): Params {
  return {
    amount,
    type,
    label: clientOrderId,
    ...(type === 'limit' && { price, time_in_force: TIMES[timeInForce] }),
    ...(timeInForce === 'POST_ONLY' && POST_ONLY),
    ...(reduceOnly === true && { reduce_only: true }),
  };
}

const SIDE = cell.word('direction', { buy: 'buy', sell: 'sell' } as const);
const STATUS = cell.word('order_state', STATUSES);
const TIME_IN_FORCE = cell.wordOrNull('time_in_force', TIMES_BACK);
const PRICE = cell.exact('price');
const FILLED = cell.exactOrZero('filled_amount');

function timeInForceOf(row: Row): TimeInForce | null {
  if (row['order_type'] === 'market') return null;
  return row['post_only'] === true ? 'POST_ONLY' : TIME_IN_FORCE(row);
}

/** An order, as answers and channels tell it. https://docs.deribit.com/#trading */
export const orderFromWire = orderReader({
  clientOrderId: cell.textOrNull('label'),
  venueOrderId: cell.text('order_id'),
  side: SIDE,
  type: cell.text('order_type'),
  status: (row) => (STATUS(row) === 'OPEN' && Number(FILLED(row)) > 0 ? 'PARTIALLY_FILLED' : STATUS(row)),
  timeInForce: timeInForceOf,
  // Of market orders it is `market_price`.
  price: (row) => (typeof row['price'] === 'number' ? PRICE(row) : null),
  amount: cell.exact('amount'),
  filled: FILLED,
  averagePrice: cell.exactUnlessZero('average_price'),
  reduceOnly: ({ reduce_only }) => (typeof reduce_only === 'boolean' ? reduce_only : null),
  positionSide: cell.always(null),
  reason: cell.textOrNull('cancel_reason'),
  updatedAt: cell.time('last_update_timestamp'),
});

/** A trade of one's own. */
export const fillFromWire = rowReader<Fill>({
  tradeId: cell.text('trade_id'),
  venueOrderId: cell.text('order_id'),
  clientOrderId: cell.textOrNull('label'),
  side: SIDE,
  price: PRICE,
  amount: cell.exact('amount'),
  // What is paid is positive.
  fee: cell.exact('fee'),
  feeCurrency: cell.text('fee_currency'),
  liquidity: cell.wordOrNull('liquidity', { M: 'maker', T: 'taker' } as const),
  // Derivatives only.
  realizedPnl: cell.exactOrNull('profit_loss'),
  positionSide: cell.always(null),
  time: cell.time('timestamp'),
});

/** A row of `private/get_account_summaries`, and of the channel `user.portfolio`. */
export const balanceFromWire = tableReader<Omit<Balance, 'venue'>>({
  currency: cell.text('currency'),
  total: cell.exact('balance'),
  free: cell.exact('available_funds'),
});

const LIQUIDATION_PRICE = cell.exactOrNull('estimated_liquidation_price');

/** Sizes are signed: dollars on inverse contracts, coins on others. The account's margin model is that of all positions. */
export const positionFromWire = rowReader<Position>({
  positionSide: cell.always(null),
  amount: cell.exact('size'),
  entryPrice: cell.exactUnlessZero('average_price'),
  markPrice: cell.exactOrNull('mark_price'),
  liquidationPrice: (row) => (Number(row['estimated_liquidation_price']) > 0 ? LIQUIDATION_PRICE(row) : null),
  unrealizedPnl: cell.exactOrNull('floating_profit_loss'),
  leverage: cell.numberOrNull('leverage'),
  marginMode: cell.always('cross'),
  updatedAt: cell.always(0),
});

/** Of the listing. */
export const feeRatesFromWire = tableReader<FeeRates>({
  maker: cell.exact('maker_commission'),
  taker: cell.exact('taker_commission'),
});
