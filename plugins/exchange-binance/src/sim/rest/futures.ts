import { type FundingSettlement, type Market, OPEN_INTEREST_STEP_MS } from '@speed-protocol/simulator';
import { contractTypeOf, eight, pairOf } from '../text.js';
import { say } from '../venue-error.js';
import type { Params } from './params.js';
import { FUTURES, type Route, type RouteContext } from './route.js';

const USUAL_HOURS = 8;
const NEWEST = 200;
const PERIODS: Readonly<Record<string, number>> = {
  '5m': 1,
  '15m': 3,
  '30m': 6,
  '1h': 12,
  '2h': 24,
  '4h': 48,
  '6h': 72,
  '12h': 144,
  '1d': 288,
};

export const FUTURES_ROUTES: readonly Route[] = [
  { path: '/premiumIndex', families: ['linear'], weight: (params) => (params.has('symbol') ? 1 : 10), run: premiumIndex },
  { path: '/premiumIndex', families: ['inverse'], weight: 10, run: premiumIndex },
  { path: '/fundingRate', families: FUTURES, weight: 0, bucket: 'funding', run: fundingHistory },
  { path: '/fundingInfo', families: FUTURES, weight: 0, bucket: 'funding', run: fundingInfo },
  { path: '/openInterest', families: FUTURES, weight: 1, run: openInterest },
  {
    path: '/futures/data/openInterestHist',
    absolute: true,
    families: FUTURES,
    weight: 0,
    bucket: 'data',
    run: openInterestHistory,
  },
];

function premiumIndex(context: RouteContext, params: Params): unknown {
  const [symbol, pair] = [params.optionalSymbol(), params.optionalSymbol('pair')];
  if (symbol && pair) throw say.tooMany();
  const inverse = context.product.family === 'inverse';
  if (symbol) {
    const one = premium(context, context.market(symbol));
    return inverse ? [one] : one;
  }
  const markets = context.venue.markets.filter(
    ({ listing }) => (pair ?? pairOf(listing.venueSymbol)) === pairOf(listing.venueSymbol),
  );
  return markets.map((market) => premium(context, market));
}

/** Dated futures have no funding: empty rate, time zero. */
function premium(context: RouteContext, market: Market): unknown {
  const { pricing, funding, listing } = market;
  const now = market.now();
  return {
    symbol: listing.venueSymbol,
    ...(context.product.family === 'inverse' && { pair: pairOf(listing.venueSymbol) }),
    markPrice: eight(pricing.mark(now)),
    indexPrice: eight(pricing.indexPrice(now)),
    estimatedSettlePrice: eight(pricing.indexPrice(now)),
    lastFundingRate: funding ? eight(funding.rate) : '',
    interestRate: funding ? eight((0.0001 * funding.intervalHours) / USUAL_HOURS) : '',
    nextFundingTime: funding ? funding.nextTime(now) : 0,
    time: context.now(),
  };
}

/** Ascending; without times the newest ones. */
function fundingHistory(context: RouteContext, params: Params): unknown {
  const inverse = context.product.family === 'inverse';
  const symbol = inverse ? params.symbol() : params.optionalSymbol();
  const markets = symbol === undefined ? context.venue.markets : [context.market(symbol)];
  const rows = markets.flatMap((market) => (market.funding?.settlements ?? []).map((row) => ({ market, row })));
  rows.sort((a, b) => a.row.time - b.row.time);
  const [since, until] = [params.integer('startTime'), params.integer('endTime')];
  const limit = params.integer('limit', { min: 1, max: 1000 });
  const chosen = rows.filter(({ row }) => row.time >= (since ?? 0) && row.time <= (until ?? row.time));
  const page = since === undefined && until === undefined ? chosen.slice(-(limit ?? NEWEST)) : chosen.slice(0, limit ?? 100);
  return page.map(({ market, row }) => settlement(market, row));
}

function settlement(market: Market, { time, rate, markPrice }: FundingSettlement): unknown {
  const { venueSymbol } = market.listing;
  return { symbol: venueSymbol, fundingTime: time, fundingRate: eight(rate), markPrice: eight(markPrice), rateType: 'Regular' };
}

/** Only symbols whose interval is not the usual one. */
function fundingInfo(context: RouteContext): unknown {
  return context.venue.listings
    .filter(({ fundingIntervalHours }) => fundingIntervalHours !== undefined && fundingIntervalHours !== USUAL_HOURS)
    .map(({ venueSymbol, fundingIntervalHours }) => ({
      symbol: venueSymbol,
      adjustedFundingRateCap: '0.02000000',
      adjustedFundingRateFloor: '-0.02000000',
      fundingIntervalHours,
      disclaimer: false,
    }));
}

function openInterest(context: RouteContext, params: Params): unknown {
  const market = context.market(params.symbol());
  const { venueSymbol } = market.listing;
  const amount = { symbol: venueSymbol, openInterest: context.text(market).size(market.openInterest!.lots), time: context.now() };
  if (context.product.family === 'linear') return amount;
  return { ...amount, pair: pairOf(venueSymbol), contractType: contractTypeOf(market.listing, context.now()) };
}

function openInterestHistory(context: RouteContext, params: Params): unknown {
  const period = PERIODS[params.required('period')];
  if (period === undefined) throw say.invalid('period');
  const market = marketOfHistory(context, params);
  const step = period * OPEN_INTEREST_STEP_MS;
  const limit = params.integer('limit', { min: 1, max: 500 }) ?? 30;
  const [since, until] = [params.integer('startTime'), params.integer('endTime')];
  const rows = market
    .openInterest!.samples.filter(({ time }) => time % step === 0 && time >= (since ?? 0) && time <= (until ?? time))
    .slice(-limit);
  return rows.map(({ time, lots }) => historyRow(context, market, time, lots));
}

function marketOfHistory(context: RouteContext, params: Params): Market {
  if (context.product.family === 'linear') return context.market(params.symbol());
  const pair = params.symbol('pair');
  const contractType = params.required('contractType');
  const listing = context.venue.listings.find(
    (each) => pairOf(each.venueSymbol) === pair && [contractTypeOf(each, context.now()), 'ALL'].includes(contractType),
  );
  if (!listing) throw say.invalid('contractType');
  return context.market(listing.venueSymbol);
}

function historyRow(context: RouteContext, market: Market, timestamp: number, lots: number): unknown {
  const { venueSymbol } = market.listing;
  const price = market.grid.nearestTicks(market.pricing.indexPrice(market.now()));
  const value = Number(market.formatTurnover(market.turnover(price, lots))).toFixed(8);
  if (context.product.family === 'linear') {
    return { symbol: venueSymbol, sumOpenInterest: market.grid.formatSize(lots, 8), sumOpenInterestValue: value, timestamp };
  }
  const contractType = contractTypeOf(market.listing, context.now());
  return {
    pair: pairOf(venueSymbol),
    contractType,
    sumOpenInterest: market.grid.formatSize(lots),
    sumOpenInterestValue: value,
    timestamp,
  };
}
