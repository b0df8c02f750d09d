import { type Decimal, decimal, toScaled } from '@speed-protocol/core';
import { type Account, type Condition, type OrderRequest, VALUE_SCALE } from '@speed-protocol/simulator';
import { LIMITS } from '../filters.js';
import type { Params } from '../rest/params.js';
import { say, VenueError } from '../venue-error.js';
import type { TradingDesk } from './desk.js';
import type { WireDetails } from './details.js';
import { checkSpotNumbers } from './numbers.js';
import { clientIdOf, selfTradeOf, sideOf } from './order-params.js';

/** What an order type needs and what it takes; the rest is refused with -1102 and -1106. */
interface TypeRow {
  readonly kind: OrderRequest['kind'];
  readonly needs: readonly string[];
  readonly refuses: readonly string[];
  readonly postOnly?: true;
  /** Waits until the price has gone against (`loss`) or in favour (`profit`) of its side. */
  readonly waitsFor?: 'loss' | 'profit';
}

const STOP_MARKET = {
  kind: 'market',
  needs: ['quantity', 'stopPrice'],
  refuses: ['timeInForce', 'price', 'quoteOrderQty'],
} as const;
const STOP_LIMIT = {
  kind: 'limit',
  needs: ['timeInForce', 'quantity', 'price', 'stopPrice'],
  refuses: ['quoteOrderQty'],
} as const;

const TYPES: ReadonlyMap<string, TypeRow> = new Map(
  Object.entries({
    LIMIT: { kind: 'limit', needs: ['timeInForce', 'quantity', 'price'], refuses: ['quoteOrderQty', 'stopPrice'] },
    LIMIT_MAKER: {
      kind: 'limit',
      needs: ['quantity', 'price'],
      refuses: ['timeInForce', 'quoteOrderQty', 'stopPrice'],
      postOnly: true,
    },
    MARKET: { kind: 'market', needs: [], refuses: ['timeInForce', 'price', 'stopPrice'] },
    STOP_LOSS: { ...STOP_MARKET, waitsFor: 'loss' },
    STOP_LOSS_LIMIT: { ...STOP_LIMIT, waitsFor: 'loss' },
    TAKE_PROFIT: { ...STOP_MARKET, waitsFor: 'profit' },
    TAKE_PROFIT_LIMIT: { ...STOP_LIMIT, waitsFor: 'profit' },
  } satisfies Record<string, TypeRow>),
);

const TIMES_IN_FORCE = ['GTC', 'IOC', 'FOK'] as const;
const PREVENTION_MODES = ['NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH'] as const;

/**
 * Reads a spot order.
 * @throws VenueError -1100, -1102, -1106, -1111, -1115, -1116, -1117, -1121, -1013
 */
export function readSpotOrder(desk: TradingDesk, account: Account, params: Params): OrderRequest {
  const symbol = params.symbol();
  desk.market(symbol);
  const side = sideOf(params);
  refuseUnknown(params);
  const { row, details } = readTerms(params);
  const price = row.kind === 'limit' ? params.decimal('price') : undefined;
  const quantity = readQuantity(desk, params, symbol, side);
  checkSpotNumbers(desk, { symbol, side, quantity, price });
  const trigger = row.waitsFor && readTrigger(desk, params, { symbol, side, waitsFor: row.waitsFor });
  refuseCrowd(desk, account, { symbol, stops: trigger !== undefined });
  return {
    symbol,
    side,
    kind: row.kind,
    size: quantity,
    price,
    timeInForce: row.kind === 'market' ? undefined : details.timeInForce,
    postOnly: row.postOnly,
    clientId: clientIdOf(params),
    trigger,
    selfTrade: selfTradeOf(details.selfTradePreventionMode),
    details,
  };
}

/** What the listing says it does not take. */
const NOT_HERE: Readonly<Record<string, string>> = {
  icebergQty: 'Iceberg orders are not supported for this symbol.',
  trailingDelta: 'Trailing stop orders are not supported for this symbol.',
  pegPriceType: 'Pegged orders are not supported for this symbol.',
};

function refuseUnknown(params: Params): void {
  for (const [name, words] of Object.entries(NOT_HERE)) if (params.has(name)) throw new VenueError(-2010, words);
}

type Waiting = { readonly symbol: string; readonly side: 'buy' | 'sell'; readonly waitsFor: 'loss' | 'profit' };

/** A stop-loss sale and a take-profit purchase wait for the price to fall, the others for it to rise. */
function readTrigger(desk: TradingDesk, params: Params, { symbol, side, waitsFor }: Waiting): Condition {
  const price = params.decimal('stopPrice')!;
  if (desk.terms(symbol).ticks(price) === undefined) throw new VenueError(-1013, 'Filter failure: PRICE_FILTER');
  const falls = (side === 'sell') === (waitsFor === 'loss');
  return { by: 'last', direction: falls ? 'fall' : 'rise', price };
}

function refuseCrowd(desk: TradingDesk, account: Account, { symbol, stops }: { symbol: string; stops: boolean }): void {
  const open = account.openOrders(symbol);
  if (open.length >= desk.atMost(LIMITS.orders)) throw new VenueError(-1013, 'Filter failure: MAX_NUM_ORDERS');
  const asleep = open.filter(({ trigger, triggeredAt }) => trigger && triggeredAt === undefined);
  if (stops && asleep.length >= desk.atMost(LIMITS.spotStops)) throw new VenueError(-1013, 'Filter failure: MAX_NUM_ALGO_ORDERS');
}

type SpotDetails = WireDetails & { readonly timeInForce: 'GTC' | 'IOC' | 'FOK' };

function readTerms(params: Params): { readonly row: TypeRow; readonly details: SpotDetails } {
  const type = params.required('type');
  const row = TYPES.get(type);
  if (!row) throw new VenueError(-1116, 'Invalid orderType.');
  for (const name of row.needs) params.required(name);
  for (const name of row.refuses) if (params.has(name)) throw say.unwanted(name);
  const timeInForce = params.word('timeInForce', TIMES_IN_FORCE, () => new VenueError(-1115, 'Invalid timeInForce.'));
  const prevention = params.word('selfTradePreventionMode', PREVENTION_MODES, () => say.invalid('selfTradePreventionMode'));
  return {
    row,
    details: {
      type,
      timeInForce: timeInForce ?? 'GTC',
      selfTradePreventionMode: prevention ?? 'EXPIRE_MAKER',
      quoteOrderQty: params.decimal('quoteOrderQty') ?? '0',
      goodTillDate: 0,
      priceMatch: 'NONE',
    },
  };
}

/** The quantity, or what `quoteOrderQty` buys or sells of it now, rounded down to the lot. */
function readQuantity(desk: TradingDesk, params: Params, symbol: string, side: 'buy' | 'sell'): Decimal {
  const [quantity, value] = [params.decimal('quantity'), params.decimal('quoteOrderQty')];
  if (quantity !== undefined && value !== undefined) throw say.unwanted('quoteOrderQty');
  if (quantity !== undefined) return quantity;
  if (value === undefined) throw say.missing('quantity');
  return lotsFor(desk, symbol, side, value);
}

function lotsFor(desk: TradingDesk, symbol: string, side: 'buy' | 'sell', value: Decimal): Decimal {
  const terms = desk.terms(symbol);
  const { engine, grid } = desk.market(symbol);
  const levels = engine.sideOf(side === 'buy' ? 'sell' : 'buy');
  let left = toScaled(value, VALUE_SCALE);
  let lots = 0;
  for (let rank = 0; rank < levels.depth; rank++) {
    const { price, total } = levels.at(rank)!;
    const affordable = Number(left / terms.value(price, 1));
    const taken = Math.min(affordable, total);
    lots += taken;
    left -= terms.value(price, taken);
    if (taken < total) break;
  }
  if (lots === 0) throw new VenueError(-1013, 'Filter failure: NOTIONAL');
  return decimal(grid.formatSize(lots));
}
