import type { AggregateTrade, Liquidation, Listing, Market, Trade } from '@speed-protocol/simulator';
import { free, indexOf, instTypeOf, MarketText, trim } from './text.js';

const DAY_MINUTES = 1440;
const HOUR = 3_600_000;
const LISTED = 1_548_133_413_000;

/** A row of `public/instruments` and of the channel `instruments`. @param code the number that order sockets use */
export function instrument(listing: Listing, code: number): Record<string, unknown> {
  const { kind, base, quote, settle = '', inverse, contractSize, expiry, lotSize, tickSize, venueSymbol } = listing;
  const isSpot = kind === 'spot';
  const maxSz = isSpot ? '9999999999' : '100000000';
  return {
    alias: '',
    auctionEndTime: '',
    baseCcy: isSpot ? base : '',
    category: '1',
    contTdSwTime: '',
    ctMult: isSpot ? '' : '1',
    ctType: isSpot ? '' : inverse ? 'inverse' : 'linear',
    ctVal: isSpot ? '' : contractSize,
    ctValCcy: isSpot ? '' : inverse ? quote : base,
    expTime: expiry === undefined ? '' : String(expiry),
    futureSettlement: false,
    groupId: '1',
    instCategory: '1',
    instFamily: isSpot ? '' : indexOf(listing),
    instId: venueSymbol,
    instIdCode: code,
    instType: instTypeOf(listing),
    lever: isSpot ? '10' : '100',
    listTime: String(LISTED),
    lotSz: lotSize,
    maxIcebergSz: maxSz,
    maxLmtAmt: '20000000',
    maxLmtSz: maxSz,
    maxMktAmt: '1000000',
    maxMktSz: isSpot ? '1000000' : '100000',
    maxStopSz: maxSz,
    maxTriggerSz: maxSz,
    maxTwapSz: maxSz,
    minSz: isSpot && base === 'BTC' ? '0.00001' : lotSize,
    openType: '',
    optType: '',
    quoteCcy: isSpot ? quote : '',
    ruleType: 'normal',
    settleCcy: settle,
    state: 'live',
    stk: '',
    tickSz: tickSize,
    tradeQuoteCcyList: isSpot ? [quote] : [],
    uly: isSpot ? '' : indexOf(listing),
    upcChg: [],
  };
}

/** A row of `market/ticker` and of the channel `tickers`. */
export function ticker(text: MarketText): Record<string, string> | undefined {
  const { market } = text;
  const stats = market.candles.statistics(DAY_MINUTES, market.now());
  if (!stats) return undefined;
  const { bids, asks } = market.engine;
  return {
    instType: instTypeOf(market.listing),
    instId: market.listing.venueSymbol,
    last: text.price(stats.last),
    lastSz: text.size(market.tape.last?.size ?? 0),
    askPx: asks.best ? text.price(asks.best.price) : '',
    askSz: asks.best ? text.size(asks.best.total) : '',
    bidPx: bids.best ? text.price(bids.best.price) : '',
    bidSz: bids.best ? text.size(bids.best.total) : '',
    open24h: text.price(stats.open),
    high24h: text.price(stats.high),
    low24h: text.price(stats.low),
    volCcy24h: text.volumes(stats.volume, stats.turnover)[0],
    vol24h: text.size(stats.volume),
    ts: now(market),
    sodUtc0: text.price(stats.open),
    sodUtc8: text.price(stats.open),
  };
}

/** One trade, as REST and `trades-all` tell it. */
export function trade(text: MarketText, { id, price, size, side, time }: Trade): Record<string, string> {
  const instId = text.market.listing.venueSymbol;
  return { instId, tradeId: String(id), px: text.price(price), sz: text.size(size), side, source: '0', ts: String(time) };
}

/** Those of one taker order at one price, as `trades` tells them: by the last one's id. */
export function aggregate(text: MarketText, trades: AggregateTrade): Record<string, unknown> {
  const { firstId, lastId, price, size, side, time } = trades;
  const terms = { tradeId: String(lastId), px: text.price(price), sz: text.size(size), side, ts: String(time) };
  return {
    instId: text.market.listing.venueSymbol,
    ...terms,
    count: String(lastId - firstId + 1),
    source: '0',
    seqId: text.market.book.lastId,
  };
}

/** Perpetuals only. */
export function fundingRate({ market }: MarketText, funding: NonNullable<Market['funding']>): Record<string, string> {
  const at = market.now();
  const fundingTime = funding.nextTime(at);
  const intervalMs = funding.intervalHours * HOUR;
  const premium = market.pricing.mark(at) / market.pricing.indexPrice(at) - 1;
  return {
    formulaType: 'withRate',
    fundingRate: free(funding.rate, 16),
    fundingTime: String(fundingTime),
    impactValue: '20000',
    instId: market.listing.venueSymbol,
    instType: 'SWAP',
    interestRate: '0.0001',
    maxFundingRate: '0.02',
    method: 'current_period',
    minFundingRate: '-0.02',
    nextFundingRate: '',
    nextFundingTime: String(fundingTime + intervalMs),
    premium: free(premium, 16),
    prevFundingTime: String(fundingTime - intervalMs),
    settFundingRate: free(funding.settlements.at(-1)?.rate ?? 0, 16),
    settState: 'settled',
    ts: now(market),
  };
}

export function markPrice(text: MarketText): Record<string, string> {
  const { market } = text;
  const markPx = text.mark(market.pricing.mark(market.now()));
  return { instType: instTypeOf(market.listing), instId: market.listing.venueSymbol, markPx, ts: now(market) };
}

/** @param text of any market that follows the index */
export function indexTicker(text: MarketText): Record<string, string> {
  const { market } = text;
  const idxPx = text.mark(market.pricing.indexPrice(market.now()));
  const day = { high24h: idxPx, sodUtc0: idxPx, open24h: idxPx, low24h: idxPx, sodUtc8: idxPx };
  return { instId: indexOf(market.listing), idxPx, ...day, ts: now(market) };
}

/** Derivatives only. */
export function openInterest({ market }: MarketText): Record<string, string> {
  const contracts = market.grid.size(market.openInterest?.lots ?? 0);
  const value = contracts * Number(market.listing.contractSize);
  const price = market.pricing.mark(market.now());
  const [coins, dollars] = market.listing.inverse ? [value / price, value] : [value, value * price];
  return {
    instType: instTypeOf(market.listing),
    instId: market.listing.venueSymbol,
    oi: trim(market.grid.formatSize(market.openInterest?.lots ?? 0)),
    oiCcy: free(coins),
    oiUsd: free(dollars),
    ts: now(market),
  };
}

/** A forced sale closes a long. */
export function liquidation(text: MarketText, { side, price, filled, time }: Liquidation): Record<string, unknown> {
  const { listing } = text.market;
  const posSide = side === 'sell' ? 'long' : 'short';
  const detail = { bkLoss: '0', bkPx: text.price(price), ccy: '', posSide, side, sz: text.size(filled), ts: String(time) };
  const instFamily = indexOf(listing);
  return { instId: listing.venueSymbol, instFamily, instType: instTypeOf(listing), uly: instFamily, details: [detail] };
}

export function priceLimit(text: MarketText): Record<string, unknown> {
  const { market } = text;
  const mark = market.pricing.mark(market.now());
  const band = { buyLmt: text.mark(mark * 1.05), sellLmt: text.mark(mark * 0.95) };
  return { instType: instTypeOf(market.listing), instId: market.listing.venueSymbol, ...band, ts: now(market), enabled: true };
}

function now(market: Market): string {
  return String(Math.floor(market.now()));
}

/** The text of a market; one of each. */
export class Texts {
  readonly #texts = new Map<Market, MarketText>();

  of(market: Market): MarketText {
    const text = this.#texts.get(market) ?? new MarketText(market);
    this.#texts.set(market, text);
    return text;
  }
}
