import type { Liquidation, Listing, Trade } from '@speed-protocol/simulator';
import { categoryOf } from './listing.js';
import { free, type MarketText } from './text.js';

const DAY_MINUTES = 1440;
const LAUNCHED = '1585526400000';
const CONTRACT_TYPES = {
  linear: { perpetual: 'LinearPerpetual', future: 'LinearFutures' },
  inverse: { perpetual: 'InversePerpetual', future: 'InverseFutures' },
} as const;

/** A row of `market/instruments-info`. https://bybit-exchange.github.io/docs/v5/market/instrument */
export function instrument(listing: Listing, symbolId: number): Record<string, unknown> {
  const { base, quote, venueSymbol, tickSize } = listing;
  const names = { symbol: venueSymbol, symbolId, baseCoin: base, quoteCoin: quote, status: 'Trading' };
  return listing.kind === 'spot' ? spotInstrument(listing, names, tickSize) : contractInstrument(listing, names);
}

type Names = Readonly<Record<'symbol' | 'baseCoin' | 'quoteCoin' | 'status', string>> & { readonly symbolId: number };

function spotInstrument({ lotSize, minNotional }: Listing, names: Names, tickSize: string): Record<string, unknown> {
  return {
    ...names,
    innovation: '0',
    marginTrading: 'utaOnly',
    stTag: '0',
    lotSizeFilter: {
      basePrecision: lotSize,
      quotePrecision: '0.0000001',
      minOrderQty: lotSize,
      maxOrderQty: '100000000',
      minOrderAmt: minNotional,
      maxOrderAmt: '200000000',
      maxLimitOrderQty: '100000000',
      maxMarketOrderQty: '50000000',
      postOnlyMaxLimitOrderSize: '500000000',
    },
    priceFilter: { tickSize },
    riskParameters: { priceLimitRatioX: '0.05', priceLimitRatioY: '0.1' },
    symbolType: '',
  };
}

function contractInstrument(listing: Listing, names: Names): Record<string, unknown> {
  const { kind, expiry, settle, inverse, lotSize, tickSize, minNotional, fundingIntervalHours = 0 } = listing;
  const maxPrice = free(listing.price * 100, 4);
  return {
    ...names,
    contractType: CONTRACT_TYPES[inverse ? 'inverse' : 'linear'][kind === 'future' ? 'future' : 'perpetual'],
    launchTime: LAUNCHED,
    deliveryTime: String(expiry ?? 0),
    deliveryFeeRate: expiry === undefined ? '' : '0.0005',
    priceScale: String(tickSize.split('.')[1]?.length ?? 0),
    leverageFilter: { minLeverage: '1', maxLeverage: '100.00', leverageStep: '0.01' },
    priceFilter: { minPrice: tickSize, maxPrice, tickSize },
    lotSizeFilter: {
      maxOrderQty: '100000000',
      minOrderQty: lotSize,
      qtyStep: lotSize,
      postOnlyMaxOrderQty: '100000000',
      maxMktOrderQty: '50000000',
      ...(minNotional !== undefined && { minNotionalValue: minNotional }),
    },
    unifiedMarginTrade: true,
    fundingInterval: fundingIntervalHours * 60,
    settleCoin: settle,
    copyTrading: 'none',
    upperFundingRate: '0.02',
    lowerFundingRate: '-0.02',
    isPreListing: false,
    preListingInfo: null,
    riskParameters: { priceLimitRatioX: '0.01', priceLimitRatioY: '0.02' },
    displayName: '',
    symbolType: '',
  };
}

/** What `tickers` tells, of contracts and of spot; `undefined` before anything traded. */
export function ticker(text: MarketText): Record<string, string> | undefined {
  const { market } = text;
  const { listing } = market;
  const stats = market.candles.statistics(DAY_MINUTES, market.now());
  if (!stats) return undefined;
  const day = {
    symbol: listing.venueSymbol,
    lastPrice: text.price(stats.last),
    highPrice24h: text.price(stats.high),
    lowPrice24h: text.price(stats.low),
    prevPrice24h: text.price(stats.open),
    volume24h: text.size(stats.volume),
    turnover24h: text.turnover(stats.turnover),
    price24hPcnt: (stats.last / stats.open - 1).toFixed(6),
  };
  if (listing.kind === 'spot') return { ...day, usdIndexPrice: text.mark(market.pricing.indexPrice(market.now())) };
  return {
    ...day,
    tickDirection: 'PlusTick',
    prevPrice1h: text.price(stats.open),
    ...prices(text),
    ...interest(text),
    ...funding(text),
  };
}

function prices(text: MarketText): Record<string, string> {
  const { market } = text;
  const at = market.now();
  return { markPrice: text.mark(market.pricing.mark(at)), indexPrice: text.mark(market.pricing.indexPrice(at)), ...touch(text) };
}

/** Best bid and ask; REST has them of spot too. */
export function touch(text: MarketText): Record<string, string> {
  const { bids, asks } = text.market.engine;
  return {
    bid1Price: bids.best ? text.price(bids.best.price) : '',
    bid1Size: bids.best ? text.size(bids.best.total) : '',
    ask1Price: asks.best ? text.price(asks.best.price) : '',
    ask1Size: asks.best ? text.size(asks.best.total) : '',
  };
}

/** Both sides of every contract, and each contract once. */
function interest(text: MarketText): Record<string, string> {
  const { market } = text;
  const single = market.grid.size(market.openInterest?.lots ?? 0);
  const mark = market.pricing.mark(market.now());
  const value = market.listing.inverse ? single / mark : single * mark;
  return {
    openInterest: free(2 * single),
    openInterestValue: free(2 * value, 4),
    singleOpenInterest: free(single),
    singleOpenInterestValue: free(value, 4),
  };
}

function funding({ market }: MarketText): Record<string, string> {
  const { funding: own, listing } = market;
  const terms = own
    ? {
        fundingRate: free(own.rate, 8),
        nextFundingTime: String(own.nextTime(market.now())),
        fundingIntervalHour: String(own.intervalHours),
        fundingCap: '0.02',
      }
    : { fundingRate: '', nextFundingTime: '0' };
  return {
    ...terms,
    deliveryTime: listing.expiry === undefined ? '' : new Date(listing.expiry).toISOString(),
    basisRate: '',
    deliveryFeeRate: '',
    predictedDeliveryPrice: '',
  };
}

const SIDES = { buy: 'Buy', sell: 'Sell' } as const;

/** A row of `publicTrade`. @param seq of the book that the trade left */
export function trade(text: MarketText, { id, price, size, side, time }: Trade, seq: number): Record<string, unknown> {
  const { listing } = text.market;
  const row = { T: time, s: listing.venueSymbol, S: SIDES[side], v: text.size(size), p: text.price(price) };
  return { ...row, ...(listing.kind !== 'spot' && { L: 'PlusTick' }), i: String(id), BT: false, RPI: false, seq };
}

/** A row of `market/recent-trade`. */
export function recentTrade(text: MarketText, { id, price, size, side, time }: Trade): Record<string, unknown> {
  return {
    execId: String(id),
    symbol: text.market.listing.venueSymbol,
    price: text.price(price),
    size: text.size(size),
    side: SIDES[side],
    time: String(time),
    isBlockTrade: false,
    isRPITrade: false,
    seq: String(text.market.book.lastId),
  };
}

/** A row of `allLiquidation`: the side of the position, not of the order. */
export function liquidation(text: MarketText, { side, price, filled, time }: Liquidation): Record<string, unknown> {
  const position = side === 'sell' ? 'Buy' : 'Sell';
  return { T: time, s: text.market.listing.venueSymbol, S: position, v: text.size(filled), p: text.price(price) };
}

export function priceLimit(text: MarketText): Record<string, string> {
  const { market } = text;
  const mark = market.pricing.mark(market.now());
  const reach = categoryOf(market.listing) === 'spot' ? 0.05 : 0.02;
  return {
    symbol: market.listing.venueSymbol,
    buyLmt: text.mark(mark * (1 + reach)),
    sellLmt: text.mark(mark * (1 - reach)),
  };
}
