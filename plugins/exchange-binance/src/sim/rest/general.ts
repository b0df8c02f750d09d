import type { Listing } from '@speed-protocol/simulator';
import { eightDecimals, LIMITS, maxPrice, maxSize } from '../filters.js';
import { contractTypeOf, pairOf } from '../text.js';
import { say } from '../venue-error.js';
import type { Params } from './params.js';
import { ALL, type Route, type RouteContext } from './route.js';

const PERPETUAL_DELIVERY = 4133404800000;
const ONBOARD = 1569398400000;

export const GENERAL_ROUTES: readonly Route[] = [
  { path: '/ping', families: ALL, weight: 1, run: () => ({}) },
  { path: '/time', families: ALL, weight: 1, run: (context) => ({ serverTime: context.now() }) },
  { path: '/exchangeInfo', families: ['spot'], weight: 20, run: spotInfo },
  {
    path: '/executionRules',
    families: ['spot'],
    weight: (params) => (params.has('symbol') ? 2 : 40),
    run: () => ({ symbolRules: [] }),
  },
  {
    path: '/exchangeInfo',
    families: ['linear'],
    weight: 1,
    run: (context) => ({ ...futuresInfo(context), ...linearExtras(context) }),
  },
  { path: '/exchangeInfo', families: ['inverse'], weight: 1, run: futuresInfo },
];

function spotInfo(context: RouteContext, params: Params): unknown {
  const one = params.optionalSymbol();
  const many = params.symbolList();
  const status = params.optional('symbolStatus');
  if (one && many) throw say.tooMany();
  const wanted = one ? [one] : many;
  const known = new Map(context.venue.listings.map((listing) => [listing.venueSymbol, listing]));
  if (wanted?.some((symbol) => !known.has(symbol))) throw say.badSymbol();
  const rows = wanted ? wanted.map((symbol) => known.get(symbol)!) : context.venue.listings;
  return {
    timezone: 'UTC',
    serverTime: context.now(),
    rateLimits: [
      rateLimit('REQUEST_WEIGHT', 'MINUTE', 1, context.product.weightPerMinute),
      ...orderLimits(context),
      rateLimit('RAW_REQUESTS', 'MINUTE', 5, 300_000),
    ],
    exchangeFilters: [],
    symbols: status && status !== 'TRADING' ? [] : rows.map(spotSymbol),
  };
}

function orderLimits({ product }: RouteContext) {
  return product.orderLimits.map(({ interval, intervalNum, limit }) => rateLimit('ORDERS', interval, intervalNum, limit));
}

function rateLimit(rateLimitType: string, interval: string, intervalNum: number, limit: number) {
  return { rateLimitType, interval, intervalNum, limit };
}

function spotSymbol(listing: Listing): unknown {
  const { venueSymbol, base, quote } = listing;
  return {
    symbol: venueSymbol,
    status: 'TRADING',
    baseAsset: base,
    baseAssetPrecision: 8,
    quoteAsset: quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT', 'TAKE_PROFIT_LIMIT'],
    icebergAllowed: false,
    ocoAllowed: false,
    otoAllowed: false,
    opoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: false,
    cancelReplaceAllowed: true,
    amendAllowed: true,
    pegInstructionsAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: spotFilters(listing),
    permissions: [],
    permissionSets: [['SPOT']],
    defaultSelfTradePreventionMode: 'EXPIRE_MAKER',
    allowedSelfTradePreventionModes: ['NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH'],
  };
}

function spotFilters(listing: Listing): unknown[] {
  const tickSize = eightDecimals(listing.tickSize);
  const stepSize = eightDecimals(listing.lotSize);
  return [
    { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: eightDecimals(maxPrice(listing)), tickSize },
    { filterType: 'LOT_SIZE', minQty: stepSize, maxQty: eightDecimals(maxSize(listing)), stepSize },
    { filterType: 'MARKET_LOT_SIZE', minQty: '0.00000000', maxQty: eightDecimals(maxSize(listing)), stepSize: '0.00000000' },
    {
      filterType: 'PERCENT_PRICE_BY_SIDE',
      bidMultiplierUp: LIMITS.spotBand[1],
      bidMultiplierDown: LIMITS.spotBand[0],
      askMultiplierUp: LIMITS.spotBand[1],
      askMultiplierDown: LIMITS.spotBand[0],
      avgPriceMins: 5,
    },
    {
      filterType: 'NOTIONAL',
      minNotional: eightDecimals(listing.minNotional ?? '0'),
      applyMinToMarket: true,
      maxNotional: LIMITS.spotNotional,
      applyMaxToMarket: false,
      avgPriceMins: 5,
    },
    { filterType: 'MAX_NUM_ORDERS', maxNumOrders: LIMITS.orders },
    { filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: LIMITS.spotStops },
  ];
}

function futuresInfo(context: RouteContext): Record<string, unknown> {
  const { venue, product } = context;
  return {
    timezone: 'UTC',
    serverTime: context.now(),
    rateLimits: [rateLimit('REQUEST_WEIGHT', 'MINUTE', 1, product.weightPerMinute), ...orderLimits(context)],
    exchangeFilters: [],
    symbols: venue.listings.map((listing) => futuresSymbol(listing, context)),
  };
}

function linearExtras(context: RouteContext): Record<string, unknown> {
  const assets = [...new Set(context.venue.listings.map((listing) => listing.settle))];
  return {
    futuresType: 'U_MARGINED',
    assets: assets.map((asset) => ({ asset, marginAvailable: true, autoAssetExchange: '-10000' })),
  };
}

function futuresSymbol(listing: Listing, context: RouteContext): unknown {
  const { venueSymbol, base, quote, settle, inverse, expiry } = listing;
  const status = inverse ? { contractStatus: 'TRADING', contractSize: Number(listing.contractSize) } : { status: 'TRADING' };
  return {
    symbol: venueSymbol,
    pair: pairOf(venueSymbol),
    contractType: contractTypeOf(listing, context.now()),
    deliveryDate: expiry ?? PERPETUAL_DELIVERY,
    onboardDate: ONBOARD,
    ...status,
    maintMarginPercent: '2.5000',
    requiredMarginPercent: '5.0000',
    baseAsset: base,
    quoteAsset: quote,
    marginAsset: settle,
    pricePrecision: decimals(listing.tickSize),
    quantityPrecision: decimals(listing.lotSize),
    baseAssetPrecision: 8,
    quotePrecision: 8,
    ...(inverse && { equalQtyPrecision: 4 }),
    underlyingType: 'COIN',
    underlyingSubType: ['PoW'],
    triggerProtect: '0.0500',
    liquidationFee: '0.012500',
    marketTakeBound: LIMITS.marketReach,
    filters: futuresFilters(listing),
    orderTypes: ['LIMIT', 'MARKET', 'STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'],
    timeInForce: inverse ? ['GTC', 'IOC', 'FOK', 'GTX'] : ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'],
    ...(!inverse && { permissionSets: ['GRID', 'COPY'] }),
  };
}

function futuresFilters(listing: Listing): unknown[] {
  const { tickSize, lotSize: stepSize, minNotional } = listing;
  const maxQty = maxSize(listing);
  return [
    { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: maxPrice(listing), tickSize },
    { filterType: 'LOT_SIZE', minQty: stepSize, maxQty, stepSize },
    { filterType: 'MARKET_LOT_SIZE', minQty: stepSize, maxQty, stepSize },
    { filterType: 'MAX_NUM_ORDERS', limit: LIMITS.orders },
    ...(minNotional ? [{ filterType: 'MIN_NOTIONAL', notional: minNotional }] : []),
    {
      filterType: 'PERCENT_PRICE',
      multiplierUp: LIMITS.futuresBand[1],
      multiplierDown: LIMITS.futuresBand[0],
      multiplierDecimal: '4',
    },
  ];
}

function decimals(text: string): number {
  return text.split('.')[1]?.length ?? 0;
}
