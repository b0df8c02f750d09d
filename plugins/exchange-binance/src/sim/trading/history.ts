import type { UserOrder } from '@speed-protocol/simulator';
import type { Params } from '../rest/params.js';
import { pairOf } from '../text.js';
import { say, VenueError } from '../venue-error.js';
import type { Action } from './action.js';
import { moneyText, positionSideOf, showOrder, valueText } from './bodies.js';
import type { TradingDesk } from './desk.js';
import type { FillRecord, IncomeRecord } from './records.js';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
const DEFAULT_LIMIT = 500;
const MAX_LIMIT = 1000;

interface Page {
  readonly since: number;
  readonly until: number;
  readonly limit: number;
  /** Neither bound was given: the newest rows are meant. */
  readonly newest: boolean;
}

function pageOf(desk: TradingDesk, params: Params, fallback = DEFAULT_LIMIT): Page {
  const [since, until] = [params.integer('startTime'), params.integer('endTime')];
  const span = desk.spot ? DAY : WEEK;
  if (since !== undefined && until !== undefined && until - since > span) {
    if (desk.spot) throw new VenueError(-1127, 'More than 24 hours between startTime and endTime.');
    throw new VenueError(-4165, 'Invalid time interval, maximum is 7 days.');
  }
  return {
    since: since ?? 0,
    until: until ?? Number.MAX_SAFE_INTEGER,
    limit: params.integer('limit', { min: 1, max: MAX_LIMIT }) ?? fallback,
    newest: since === undefined && until === undefined,
  };
}

function take<T>(rows: readonly T[], timeOf: (row: T) => number, { since, until, limit, newest }: Page): readonly T[] {
  if (newest) return rows.slice(-limit);
  return rows.filter((row) => timeOf(row) >= since && timeOf(row) <= until).slice(0, limit);
}

/** Symbol of a history request: on COIN-M a pair will do. */
function wanted(desk: TradingDesk, params: Params): (symbol: string) => boolean {
  const pair = desk.product.family === 'inverse' ? params.optionalSymbol('pair') : undefined;
  if (pair !== undefined) {
    if (params.has('symbol')) throw say.tooMany();
    return (symbol) => pairOf(symbol) === pair;
  }
  const symbol = desk.spot || desk.product.family === 'inverse' ? params.symbol() : params.optionalSymbol();
  if (symbol !== undefined) desk.market(symbol);
  return (each) => symbol === undefined || each === symbol;
}

/** All orders of a symbol; from an order id on, within times, or the newest. */
const allOrders: Action = (desk, { account }, params) => {
  const fits = wanted(desk, params);
  const page = pageOf(desk, params);
  const from = params.integer('orderId');
  const orders = account.orders.filter(({ symbol, id }) => fits(symbol) && id >= (from ?? 0));
  const chosen = from === undefined ? take(orders, ({ createdAt }) => createdAt, page) : orders.slice(0, page.limit);
  return chosen.map((order) => showOrder(desk, order));
};

/** Own fills: from a trade id on, of one order, within times, or the newest. */
const trades: Action = (desk, { account }, params) => {
  const fits = wanted(desk, params);
  const [from, orderId] = [params.integer('fromId'), params.integer('orderId')];
  if (from !== undefined && (params.has('startTime') || params.has('endTime'))) throw say.tooMany();
  const page = pageOf(desk, params);
  const fills = desk.records
    .fills(account.id, params.optionalSymbol())
    .filter((fill) => fits(fill.symbol) && fill.tradeId >= (from ?? 0) && (orderId === undefined || fill.orderId === orderId));
  const chosen = from === undefined ? take(fills, ({ time }) => time, page) : fills.slice(0, page.limit);
  return chosen.map((fill) => (desk.spot ? spotTrade(desk, fill) : futuresTrade(desk, fill)));
};

function tradeCore(desk: TradingDesk, fill: FillRecord) {
  const text = desk.text(fill.symbol);
  return {
    symbol: fill.symbol,
    id: fill.tradeId,
    orderId: fill.orderId,
    price: text.price(fill.price),
    qty: text.size(fill.size),
    commission: moneyText(fill.fee),
    commissionAsset: fill.feeAsset,
    time: fill.time,
  };
}

function spotTrade(desk: TradingDesk, fill: FillRecord): unknown {
  return {
    ...tradeCore(desk, fill),
    orderListId: -1,
    quoteQty: valueText(desk.terms(fill.symbol).value(fill.price, fill.size)),
    isBuyer: fill.side === 'buy',
    isMaker: fill.liquidity === 'maker',
    isBestMatch: true,
  };
}

function futuresTrade(desk: TradingDesk, fill: FillRecord): unknown {
  const terms = desk.terms(fill.symbol);
  const worth = valueText(terms.value(fill.price, fill.size));
  const inverse = desk.product.family === 'inverse';
  return {
    ...tradeCore(desk, fill),
    side: fill.side.toUpperCase(),
    realizedPnl: moneyText(fill.profit),
    ...(inverse ? { pair: pairOf(fill.symbol), marginAsset: terms.settle, baseQty: worth } : { quoteQty: worth }),
    positionSide: positionSideOf(fill),
    buyer: fill.side === 'buy',
    maker: fill.liquidity === 'maker',
  };
}

const INCOME_TYPES = ['TRANSFER', 'REALIZED_PNL', 'COMMISSION', 'FUNDING_FEE', 'INSURANCE_CLEAR'] as const;
type IncomeType = (typeof INCOME_TYPES)[number];

interface Income {
  readonly symbol: string;
  readonly incomeType: IncomeType;
  readonly income: string;
  readonly asset: string;
  readonly info: string;
  readonly time: number;
  readonly tranId: number;
  readonly tradeId: string;
}

/** What came and went, oldest first; the last week without times. */
const income: Action = (desk, { account }, params) => {
  const [symbol, type] = [params.optionalSymbol(), params.optional('incomeType')];
  const page = pageOf(desk, params, 100);
  const rows = desk.records.income(account.id).flatMap((record) => incomeOf(desk, record));
  const fitting = rows.filter((row) => (symbol ?? row.symbol) === row.symbol && (type ?? row.incomeType) === row.incomeType);
  return take(fitting, ({ time }) => time, page);
};

function incomeOf(desk: TradingDesk, record: IncomeRecord): Income[] {
  const { id: tranId, time } = record;
  if (record.kind === 'balance') {
    const incomeType = record.cause === 'deposit' ? 'TRANSFER' : 'INSURANCE_CLEAR';
    const { asset, change } = record;
    return [{ symbol: '', incomeType, income: moneyText(change), asset, info: incomeType, time, tranId, tradeId: '' }];
  }
  const { symbol } = record;
  if (record.kind === 'funding') {
    const { asset, payment } = record;
    const funding = { incomeType: 'FUNDING_FEE', info: 'FUNDING_FEE' } as const;
    return [{ symbol, ...funding, income: moneyText(payment), asset, time, tranId, tradeId: '' }];
  }
  const row = { symbol, time, tranId, tradeId: String(record.tradeId), info: String(record.tradeId) };
  const settle = desk.terms(symbol).settle;
  return [
    ...(record.profit === 0n
      ? []
      : [{ ...row, incomeType: 'REALIZED_PNL' as const, income: moneyText(record.profit), asset: settle }]),
    { ...row, incomeType: 'COMMISSION', income: moneyText(-record.fee), asset: record.feeAsset },
  ];
}

/** Forced closings by the venue. */
const forceOrders: Action = (desk, { account }, params) => {
  const symbol = params.optionalSymbol();
  const forced = account.orders.filter(
    (order: UserOrder) => order.origin === 'liquidation' && (symbol ?? order.symbol) === order.symbol,
  );
  return take(forced, ({ createdAt }) => createdAt, pageOf(desk, params, 50)).map((order) => showOrder(desk, order));
};

export const HISTORY_ACTIONS = {
  allOrders,
  myTrades: trades,
  income,
  forceOrders,
} satisfies Record<string, Action>;
