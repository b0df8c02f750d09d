import type { Market, Trade } from '@speed-protocol/simulator';
import { candleRow, candlesOf, isResolution } from '../candles.js';
import * as rows from '../rows.js';
import { indexOf, tradeSeq } from '../text.js';
import { say } from '../venue-error.js';
import type { Params } from './params.js';
import type { Call, Route, RouteContext } from './route.js';

const DEPTHS = [1, 5, 10, 20, 50, 100, 1_000, 10_000];
const HOUR = 3_600_000;
const FUNDING_ROWS = 744;

/** https://docs.deribit.com/#market-data */
export const MARKET_ROUTES: readonly Route[] = [
  { name: 'public/get_order_book', run: book },
  { name: 'public/ticker', run: (context, { params }) => rows.ticker(context.texts.of(context.market(params))) },
  { name: 'public/get_last_trades_by_instrument', run: trades },
  { name: 'public/get_last_trades_by_instrument_and_time', run: trades },
  { name: 'public/get_last_trades_by_currency', run: tradesOfAll },
  { name: 'public/get_book_summary_by_instrument', run: (context, call) => [summary(context, context.market(call.params))] },
  { name: 'public/get_book_summary_by_currency', run: summaries },
  { name: 'public/get_tradingview_chart_data', run: chart },
  { name: 'public/get_funding_rate_history', run: fundingHistory },
  { name: 'public/get_funding_rate_value', run: fundingValue },
  { name: 'public/get_index_price', run: indexPrice },
];

function book(context: RouteContext, { params }: Call): unknown {
  const market = context.market(params);
  const depth = params.integer('depth', 5);
  if (!DEPTHS.includes(depth)) throw say.wrong('depth', `must be one of ${DEPTHS.join(', ')}`);
  const text = context.texts.of(market);
  const { bids, asks } = market.book.top(depth);
  const side = (levels: typeof bids) => levels.map((level) => text.level(level));
  return { ...rows.ticker(text), bids: side(bids), asks: side(asks), change_id: market.book.lastId };
}

/** The newest ones of a span unless sorted upwards; `has_more` when there are more than are given. */
function trades(context: RouteContext, { params }: Call): unknown {
  const market = context.market(params);
  return page(
    context,
    params,
    market.tape.trades.map((trade) => ({ market, trade })),
  );
}

function tradesOfAll(context: RouteContext, { params }: Call): unknown {
  const listed = new Set(context.listings(params));
  const markets = context.venue.markets.filter(({ listing }) => listed.has(listing));
  const all = markets.flatMap((market) => market.tape.trades.map((trade) => ({ market, trade })));
  return page(
    context,
    params,
    all.sort((a, b) => a.trade.time - b.trade.time),
  );
}

function page(
  context: RouteContext,
  params: Params,
  all: readonly { readonly market: Market; readonly trade: Trade }[],
): unknown {
  const within = (value: number, from: string, to: string) =>
    value >= params.integer(from, Number.MIN_SAFE_INTEGER) && value <= params.integer(to, Number.MAX_SAFE_INTEGER);
  const found = all.filter(
    ({ trade }) => within(trade.time, 'start_timestamp', 'end_timestamp') && within(tradeSeq(trade), 'start_seq', 'end_seq'),
  );
  const count = Math.max(1, params.integer('count', 10, 1_000));
  const upwards = params.word('sorting', ['asc', 'desc', 'default'], 'default') === 'asc';
  const chosen = upwards ? found.slice(0, count) : found.slice(-count).reverse();
  return {
    trades: chosen.map(({ market, trade }) =>
      rows.trade(context.texts.of(market), trade, context.desk.liquidated(market, trade)),
    ),
    has_more: found.length > chosen.length,
  };
}

function summary(context: RouteContext, market: Market): unknown {
  return rows.summary(context.texts.of(market));
}

function summaries(context: RouteContext, { params }: Call): unknown {
  params.required('currency');
  return context.listings(params).map(({ venueSymbol }) => summary(context, context.venue.market(venueSymbol)!));
}

function chart(context: RouteContext, { params }: Call): unknown {
  const market = context.market(params);
  const resolution = params.required('resolution');
  if (!isResolution(resolution)) throw say.wrong('resolution');
  const [start, end] = [params.integer('start_timestamp', 0), params.integer('end_timestamp', context.now())];
  const candles = candlesOf(market, resolution).filter(({ openTime }) => openTime >= start && openTime <= end);
  const told = candles.map((candle) => candleRow(context.texts.of(market), candle));
  const column = (name: keyof (typeof told)[number]) => told.map((row) => row[name]);
  return {
    volume: column('volume'),
    ticks: column('tick'),
    status: told.length > 0 ? 'ok' : 'no_data',
    open: column('open'),
    low: column('low'),
    high: column('high'),
    cost: column('cost'),
    close: column('close'),
  };
}

/** Hours that end within the span. */
function hours(context: RouteContext, params: Params) {
  const { funding } = context.market(params);
  if (!funding) throw say.wrong('instrument_name', 'has no funding');
  const [start, end] = [params.integer('start_timestamp', 0), params.integer('end_timestamp', context.now())];
  return funding.settlements.flatMap((settlement, i) => {
    if (settlement.time < start || settlement.time > end) return [];
    const before = funding.settlements.slice(Math.max(0, i - 7), i + 1);
    return [{ ...settlement, eight: before.reduce((sum, { rate }) => sum + rate, 0) }];
  });
}

function fundingHistory(context: RouteContext, { params }: Call): unknown {
  return hours(context, params)
    .slice(-FUNDING_ROWS)
    .map(({ time, rate, markPrice, eight }) => ({
      timestamp: Math.floor(time / HOUR) * HOUR,
      index_price: Number(markPrice.toFixed(4)),
      prev_index_price: Number(markPrice.toFixed(4)),
      interest_1h: rate,
      interest_8h: Number(eight.toFixed(10)),
    }));
}

function fundingValue(context: RouteContext, { params }: Call): number {
  return hours(context, params).reduce((sum, { rate }) => sum + rate, 0);
}

function indexPrice(context: RouteContext, { params }: Call): unknown {
  const name = params.required('index_name');
  const listing = context.venue.listings.find((each) => indexOf(each) === name);
  const market = listing && context.venue.market(listing.venueSymbol);
  if (!market) throw say.wrong('index_name', 'not_found');
  const price = context.texts.of(market).mark(market.pricing.indexPrice(market.now()));
  return { index_price: price, estimated_delivery_price: price };
}
