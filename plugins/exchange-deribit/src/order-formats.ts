import {
  type Balance,
  type Decimal,
  type FeeRates,
  type Fill,
  type NewOrder,
  type Order,
  type OrderStatus,
  type Position,
  SpeedError,
  type TimeInForce,
} from '@speed-protocol/core';
import type { Params } from '@speed-protocol/wire';
import { plain, sideFromWire } from './formats.js';
import type { WireFill, WireInstrument, WireOrder, WirePosition, WireSummary } from './types.js';

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

function required(value: number | null | undefined, field: string): Decimal {
  if (typeof value === 'number') return plain(value);
  throw new SpeedError('protocol', `field "${field}" must be a number and is ${JSON.stringify(value)}`);
}

/** Where `zeroIsNone`, 0 means that there is none. */
function maybe(value: number | null | undefined, zeroIsNone = false): Decimal | null {
  return value === undefined || value === null || (zeroIsNone && value === 0) ? null : plain(value);
}

function statusOf({ order_state, filled_amount = 0 }: WireOrder): OrderStatus {
  const status = Object.hasOwn(STATUSES, order_state) ? STATUSES[order_state] : undefined;
  if (!status)
    throw new SpeedError('protocol', `field "order_state" is ${JSON.stringify(order_state)}, which is none that is known`);
  return status === 'OPEN' && filled_amount > 0 ? 'PARTIALLY_FILLED' : status;
}

export function orderFromWire(venue: string, symbol: string, wire: WireOrder): Order {
  const { order_type: type, price, post_only, time_in_force } = wire;
  return {
    venue,
    symbol,
    clientOrderId: wire.label || null,
    venueOrderId: wire.order_id,
    side: sideFromWire(wire.direction),
    type,
    status: statusOf(wire),
    timeInForce: type === 'market' ? null : post_only ? 'POST_ONLY' : (TIMES_BACK[time_in_force] ?? null),
    price: typeof price === 'number' ? plain(price) : null,
    amount: required(wire.amount, 'amount'),
    filled: required(wire.filled_amount ?? 0, 'filled_amount'),
    averagePrice: maybe(wire.average_price, true),
    reduceOnly: wire.reduce_only ?? null,
    positionSide: null,
    reason: wire.cancel_reason || null,
    updatedAt: wire.last_update_timestamp,
  };
}

export function fillFromWire(venue: string, symbol: string, wire: WireFill): Fill {
  return {
    venue,
    symbol,
    tradeId: String(wire.trade_id),
    venueOrderId: wire.order_id,
    clientOrderId: wire.label || null,
    side: sideFromWire(wire.direction),
    price: required(wire.price, 'price'),
    amount: required(wire.amount, 'amount'),
    fee: required(wire.fee, 'fee'),
    feeCurrency: wire.fee_currency,
    liquidity: wire.liquidity === 'M' ? 'maker' : wire.liquidity === 'T' ? 'taker' : null,
    realizedPnl: maybe(wire.profit_loss),
    positionSide: null,
    time: wire.timestamp,
  };
}

export function balanceFromWire(venue: string, { currency, balance, available_funds }: WireSummary): Balance {
  const [total, free] = [required(balance, 'balance'), required(available_funds, 'available_funds')];
  return { venue, currency, total, free };
}

/** The account's margin model is that of all positions. @param updatedAt ms; 0 where the answer does not say */
export function positionFromWire(venue: string, symbol: string, wire: WirePosition, updatedAt = 0): Position {
  return {
    venue,
    symbol,
    positionSide: null,
    amount: required(wire.size, 'size'),
    entryPrice: maybe(wire.average_price, true),
    markPrice: maybe(wire.mark_price),
    liquidationPrice: Number(wire.estimated_liquidation_price) > 0 ? maybe(wire.estimated_liquidation_price) : null,
    unrealizedPnl: maybe(wire.floating_profit_loss),
    leverage: wire.leverage ?? null,
    marginMode: 'cross',
    updatedAt,
  };
}

export function feeRatesFromWire({ maker_commission, taker_commission }: WireInstrument): FeeRates {
  return { maker: required(maker_commission, 'maker_commission'), taker: required(taker_commission, 'taker_commission') };
}
