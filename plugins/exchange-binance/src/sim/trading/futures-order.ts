import { type Decimal, decimal } from '@speed-protocol/core';
import type { Account, OrderRequest } from '@speed-protocol/simulator';
import { LIMITS } from '../filters.js';
import type { Params } from '../rest/params.js';
import { say, VenueError } from '../venue-error.js';
import type { TradingDesk } from './desk.js';
import type { WireDetails } from './details.js';
import { checkFuturesNumbers } from './numbers.js';
import { clientIdOf, selfTradeOf, sideOf } from './order-params.js';

const SHORTEST_GTD_MS = 600_000;
const CONDITIONAL = ['STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'];
const PREVENTION_MODES = ['NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH'] as const;
const TIMES_IN_FORCE = { linear: ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'], inverse: ['GTC', 'IOC', 'FOK', 'GTX'] } as const;

/**
 * Reads a futures order.
 * @throws VenueError -1100 to -1130, -4xxx
 */
export function readFuturesOrder(desk: TradingDesk, account: Account, params: Params): OrderRequest {
  const symbol = params.symbol();
  desk.market(symbol);
  const side = sideOf(params);
  const kind = kindOf(params);
  const details = readDetails(desk, params, kind);
  params.required('quantity');
  const quantity = params.decimal('quantity')!;
  const price = kind === 'limit' ? readPrice(desk, params, { symbol, side, details }) : undefined;
  checkFuturesNumbers(desk, { symbol, side, quantity, price });
  refuseCrowd(desk, account, symbol);
  return {
    symbol,
    side,
    kind,
    size: quantity,
    price,
    bound: kind === 'market' ? reachOf(desk, symbol, side) : undefined,
    ...termsOf(details, kind),
    reduceOnly: params.flag('reduceOnly'),
    positionSide: readPositionSide(account, params),
    clientId: clientIdOf(params),
    details,
  };
}

/** How the accounts call a time in force, an expiry and a prevention mode. */
export function termsOf(details: WireDetails, kind: OrderRequest['kind']) {
  const { timeInForce, goodTillDate, selfTradePreventionMode } = details;
  const immediate = timeInForce === 'IOC' || timeInForce === 'FOK';
  return {
    timeInForce: kind === 'market' ? undefined : immediate ? timeInForce : 'GTC',
    postOnly: timeInForce === 'GTX',
    expiresAt: timeInForce === 'GTD' ? goodTillDate : undefined,
    selfTrade: selfTradeOf(selfTradePreventionMode),
  } as const;
}

function kindOf(params: Params): OrderRequest['kind'] {
  const type = params.required('type');
  if (CONDITIONAL.includes(type)) {
    throw new VenueError(-4120, 'Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.');
  }
  if (type !== 'LIMIT' && type !== 'MARKET') throw new VenueError(-1116, 'Invalid orderType.');
  return type === 'LIMIT' ? 'limit' : 'market';
}

function readDetails(desk: TradingDesk, params: Params, kind: OrderRequest['kind']): WireDetails {
  if (kind === 'limit') params.required('timeInForce');
  else for (const name of ['timeInForce', 'price', 'priceMatch']) if (params.has(name)) throw say.unwanted(name.toLowerCase());
  return { type: kind.toUpperCase(), quoteOrderQty: '0', ...readTerms(desk, params) };
}

/** What plain and conditional orders say alike. */
export function readTerms(desk: TradingDesk, params: Params) {
  const family = desk.product.family === 'inverse' ? 'inverse' : 'linear';
  const wrong = () => new VenueError(-1115, 'Invalid timeInForce.');
  const timeInForce = params.word<string>('timeInForce', TIMES_IN_FORCE[family], wrong) ?? 'GTC';
  const prevention = params.word('selfTradePreventionMode', PREVENTION_MODES, () => say.invalid('selfTradePreventionMode'));
  const priceMatch = params.word('priceMatch', Object.keys(MATCHES), () => say.invalid('priceMatch'));
  return {
    timeInForce,
    selfTradePreventionMode: prevention ?? 'EXPIRE_MAKER',
    goodTillDate: readGoodTill(desk, params, timeInForce),
    priceMatch: priceMatch ?? 'NONE',
  };
}

/** With GTD: whole seconds, at least ten minutes ahead. */
function readGoodTill(desk: TradingDesk, params: Params, timeInForce: string): number {
  if (timeInForce !== 'GTD') return 0;
  params.required('goodTillDate');
  const time = Math.floor(params.integer('goodTillDate')! / 1000) * 1000;
  if (time <= desk.now() + SHORTEST_GTD_MS) throw say.invalid('goodTillDate');
  return time;
}

/** Which level a price match takes, counted from the touch; `QUEUE` on the own side. */
const MATCHES: Readonly<Record<string, number>> = {
  NONE: 0,
  OPPONENT: 1,
  OPPONENT_5: 5,
  OPPONENT_10: 10,
  OPPONENT_20: 20,
  QUEUE: 1,
  QUEUE_5: 5,
  QUEUE_10: 10,
  QUEUE_20: 20,
};

type Matched = { readonly symbol: string; readonly side: 'buy' | 'sell'; readonly details: Pick<WireDetails, 'priceMatch'> };

/** The limit as sent, or the one that the book gives. @throws VenueError -1102, -1106, -4131 */
function readPrice(desk: TradingDesk, params: Params, { symbol, side, details }: Matched): Decimal {
  const { priceMatch } = details;
  if (priceMatch === 'NONE') {
    params.required('price');
    return params.decimal('price')!;
  }
  if (params.has('price')) throw say.unwanted('price');
  const opposite = side === 'buy' ? 'sell' : 'buy';
  const levels = desk.market(symbol).engine.sideOf(priceMatch.startsWith('QUEUE') ? side : opposite);
  const level = levels.at(MATCHES[priceMatch]! - 1);
  if (!level) throw new VenueError(-4131, "The counterparty's best price does not meet the PERCENT_PRICE filter limit.");
  return decimal(desk.text(symbol).price(level.price));
}

/** The last price that a market order takes. */
function reachOf(desk: TradingDesk, symbol: string, side: 'buy' | 'sell'): string {
  const market = desk.market(symbol);
  const { grid, pricing } = market;
  const reach = 1 + (side === 'buy' ? 1 : -1) * Number(LIMITS.marketReach);
  return grid.formatPrice(grid.nearestTicks(pricing.mark(market.now()) * reach));
}

function refuseCrowd(desk: TradingDesk, account: Account, symbol: string): void {
  if (account.openOrders(symbol).length >= desk.atMost(LIMITS.orders)) throw new VenueError(-2025, 'Reach max open order limit.');
}

/** `BOTH` is one-way's word for no side. @throws VenueError -1130, -4061 */
export function readPositionSide(account: Account, params: Params): 'long' | 'short' | undefined {
  const word = params.word('positionSide', ['BOTH', 'LONG', 'SHORT'], () => say.invalid('positionSide'));
  if (word === undefined || word === 'BOTH') return undefined;
  if (!account.hedgeMode) throw new VenueError(-4061, "Order's position side does not match user's setting.");
  return word === 'LONG' ? 'long' : 'short';
}
