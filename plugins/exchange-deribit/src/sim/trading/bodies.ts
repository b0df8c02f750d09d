import { type Account, formatUnits, MONEY_SCALE, type Position, type UserOrder } from '@speed-protocol/simulator';
import type { RouteContext } from '../rest/route.js';
import { idOf, type MarketText, rounded, tradeSeq } from '../text.js';
import { detailsOf, type FillRecord, type TradingDesk } from './desk.js';

const STATES: Readonly<Record<UserOrder['status'], string>> = {
  open: 'open',
  'partially-filled': 'open',
  filled: 'filled',
  canceled: 'cancelled',
  expired: 'cancelled',
};
/** Why an order was cancelled. */
const REASONS: Readonly<Record<string, string>> = {
  canceled: 'user_request',
  liquidation: 'autoliquidation',
  'reduce-only': 'reduce_only',
  'self-trade': 'self_trade_prevention',
  expired: 'time_in_force',
};
const AVERAGE_DECIMALS = 8;

const money = (units: bigint): number => Number(formatUnits(units, MONEY_SCALE));

function textOf(context: RouteContext, symbol: string): MarketText {
  return context.texts.of(context.desk.market(symbol));
}

/** An order as answers, queries and channels tell it. */
export function orderRow(context: RouteContext, order: UserOrder): Record<string, unknown> {
  const text = textOf(context, order.symbol);
  const { listing } = text.market;
  const { label, order_type, time_in_force, reject_post_only } = detailsOf(order);
  const contracts = (lots: number) => rounded(text.amount(lots) / Number(listing.lotSize), 8);
  const ended = STATES[order.status] === 'cancelled';
  return {
    amount: text.amount(order.size),
    api: true,
    average_price: order.filled === 0 ? 0 : averagePrice(context.desk, order),
    ...(ended && { cancel_reason: reasonOf(context.desk, order) }),
    ...(listing.kind !== 'spot' && { contracts: contracts(order.size) }),
    creation_timestamp: order.createdAt,
    direction: order.side,
    filled_amount: text.amount(order.filled),
    instrument_name: order.symbol,
    is_liquidation: order.origin === 'liquidation',
    label,
    last_update_timestamp: order.updatedAt,
    max_show: text.amount(order.size),
    mmp: false,
    order_id: idOf(listing, order.id),
    order_state: STATES[order.status],
    order_type,
    post_only: order.postOnly,
    price: order.price === undefined ? 'market_price' : text.price(order.price),
    reduce_only: order.reduceOnly,
    reject_post_only,
    replaced: context.desk.isReplaced(order),
    risk_reducing: false,
    time_in_force,
    web: false,
  };
}

function reasonOf(desk: TradingDesk, order: UserOrder): string {
  return desk.isDisconnected(order) ? 'cancel_on_disconnect' : (REASONS[order.endedBy ?? ''] ?? 'user_request');
}

function averagePrice({ accounts }: TradingDesk, { symbol, filledValue, filled }: UserOrder): number {
  const units = accounts.terms(symbol)!.meanPrice(filledValue, filled, AVERAGE_DECIMALS);
  return Number(formatUnits(units, AVERAGE_DECIMALS));
}

/** A trade of one's own. What is paid is positive. */
export function userTradeRow(context: RouteContext, account: Account, fill: FillRecord): Record<string, unknown> {
  const text = textOf(context, fill.symbol);
  const { listing, pricing } = text.market;
  const order = account.order({ symbol: fill.symbol, id: fill.orderId });
  const now = text.market.now();
  return {
    amount: text.amount(fill.size),
    api: true,
    ...(listing.kind !== 'spot' && { contracts: rounded(text.amount(fill.size) / Number(listing.lotSize), 8) }),
    direction: fill.side,
    fee: money(fill.fee),
    fee_currency: fill.feeAsset,
    index_price: text.mark(pricing.indexPrice(now)),
    instrument_name: fill.symbol,
    label: order ? detailsOf(order).label : '',
    liquidity: fill.liquidity === 'maker' ? 'M' : 'T',
    mark_price: text.mark(pricing.mark(now)),
    matching_id: null,
    mmp: false,
    order_id: idOf(listing, fill.orderId),
    order_type: order ? detailsOf(order).order_type : 'limit',
    post_only: order?.postOnly ?? false,
    price: text.price(fill.price),
    ...(listing.kind !== 'spot' && { profit_loss: money(fill.profit) }),
    reduce_only: order?.reduceOnly ?? false,
    risk_reducing: false,
    self_trade: false,
    state: order ? STATES[order.status] : 'filled',
    tick_direction: fill.side === 'buy' ? 0 : 2,
    timestamp: fill.time,
    trade_id: idOf(listing, fill.tradeId),
    trade_seq: tradeSeq({ id: fill.tradeId }),
  };
}

/** Sizes are signed amounts: dollars on inverse contracts. */
export function positionRow(context: RouteContext, account: Account, position: Position): Record<string, unknown> {
  const { accounts } = context.desk;
  const { terms, size } = position;
  const text = textOf(context, terms.symbol);
  const { listing, pricing } = text.market;
  const { mark, unrealized, initial, maintenance, liquidationPrice } = accounts.risk(account, position);
  const markPrice = text.price(mark);
  const amount = Math.sign(size) * text.amount(Math.abs(size));
  const coins = listing.inverse ? amount / markPrice : amount;
  const average = size === 0 ? 0 : Number(formatUnits(position.entryPrice(AVERAGE_DECIMALS), AVERAGE_DECIMALS));
  return {
    average_price: average,
    delta: rounded(coins, 8),
    direction: size === 0 ? 'zero' : size > 0 ? 'buy' : 'sell',
    estimated_liquidation_price: liquidationPrice === 0 ? null : rounded(liquidationPrice * text.price(1), 4),
    floating_profit_loss: money(unrealized),
    index_price: text.mark(pricing.indexPrice(text.market.now())),
    initial_margin: money(initial),
    instrument_name: terms.symbol,
    kind: 'future',
    leverage: account.leverage(terms.symbol),
    maintenance_margin: money(maintenance),
    mark_price: markPrice,
    open_orders_margin: 0,
    realized_funding: 0,
    realized_profit_loss: money(position.realized),
    settlement_price: text.mark(pricing.indexPrice(text.market.now())),
    size: amount,
    size_currency: rounded(coins, 8),
    total_profit_loss: money(unrealized + position.realized),
  };
}

/** What an account holds of one currency, in the currency. */
export function summaryRow({ desk }: RouteContext, account: Account, currency: string): Record<string, unknown> {
  const { total, locked } = account.balance(currency);
  const { equity, initial, maintenance, unrealized, positions } = desk.accounts.margin(account, currency);
  const free = equity - initial - locked;
  const available = money(free > 0n ? free : 0n);
  return {
    available_funds: available,
    available_withdrawal_funds: available,
    balance: money(total),
    cross_collateral_enabled: false,
    currency,
    delta_total: 0,
    equity: money(total + unrealized),
    fee_balance: 0,
    futures_pl: money(unrealized),
    initial_margin: money(initial),
    limits: { non_matching_engine: { burst: 100, rate: 20 }, matching_engine: { trading: { total: { burst: 20, rate: 5 } } } },
    maintenance_margin: money(maintenance),
    margin_balance: money(equity),
    margin_model: 'segregated_sm',
    options_pl: 0,
    portfolio_margining_enabled: false,
    projected_initial_margin: money(positions),
    session_rpl: 0,
    session_upl: money(unrealized),
    spot_reserve: money(locked),
    total_pl: money(unrealized),
  };
}
