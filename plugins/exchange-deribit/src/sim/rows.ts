import type { Listing, Market, Trade } from '@speed-protocol/simulator';
import { currencyOf, idOf, indexOf, kindOf, type MarketText, tradeSeq } from './text.js';

const DAY_MINUTES = 1440;
/** What never expires says this. */
const NEVER = 32_503_708_800_000;
const LISTED = 1_534_242_287_000;

/** A row of `public/get_instruments`. */
export function instrument(listing: Listing, id: number): Record<string, unknown> {
  const { kind, base, quote, settle, inverse, expiry, lotSize, tickSize, venueSymbol } = listing;
  const spot = kind === 'spot';
  return {
    base_currency: base,
    block_trade_commission: 0.00025,
    block_trade_min_trade_amount: 200_000,
    block_trade_tick_size: 0.01,
    contract_size: Number(lotSize),
    counter_currency: quote,
    creation_timestamp: LISTED,
    expiration_timestamp: expiry ?? NEVER,
    instrument_id: id,
    instrument_name: venueSymbol,
    ...(!spot && { instrument_type: inverse ? 'reversed' : 'linear' }),
    is_active: true,
    kind: kindOf(listing),
    maker_commission: 0,
    ...(!spot && { max_leverage: 50, max_liquidation_commission: 0.0075 }),
    min_trade_amount: Number(lotSize),
    price_index: indexOf(listing),
    quote_currency: quote,
    ...(!spot && { settlement_currency: settle, settlement_period: kind === 'perpetual' ? 'perpetual' : 'month' }),
    state: 'open',
    taker_commission: 0.0005,
    tick_size: Number(tickSize),
    tick_size_steps: [],
  };
}

/** `public/ticker`, and the channel of that name. */
export function ticker(text: MarketText): Record<string, unknown> {
  const { market } = text;
  const { listing, engine } = market;
  const [bid, ask] = [engine.bids.best, engine.asks.best];
  const derivative = listing.kind !== 'spot';
  return {
    best_ask_amount: ask ? text.amount(ask.total) : 0,
    best_ask_price: ask ? text.price(ask.price) : 0,
    best_bid_amount: bid ? text.amount(bid.total) : 0,
    best_bid_price: bid ? text.price(bid.price) : 0,
    ...funding(market),
    estimated_delivery_price: text.mark(market.pricing.indexPrice(market.now())),
    index_price: text.mark(market.pricing.indexPrice(market.now())),
    instrument_name: listing.venueSymbol,
    last_price: market.tape.last ? text.price(market.tape.last.price) : null,
    mark_price: text.mark(market.pricing.mark(market.now())),
    ...band(text),
    ...(derivative && { open_interest: text.amount(market.openInterest?.lots ?? 0) }),
    ...(derivative && { settlement_price: text.mark(market.pricing.indexPrice(market.now())) }),
    state: 'open',
    stats: stats(text),
    timestamp: timeOf(market),
  };
}

/** Rates of eight hours, of what the engine reckons for its own interval. */
function funding({ funding: rates }: Market): Record<string, number> {
  if (!rates) return {};
  const perInterval = 8 / rates.intervalHours;
  const recent = rates.settlements.slice(-perInterval).reduce((sum, { rate }) => sum + rate, 0);
  return { current_funding: Number((rates.rate * perInterval).toFixed(8)), funding_8h: Number(recent.toFixed(8)) };
}

function band(text: MarketText): Record<string, number> {
  const mark = text.market.pricing.mark(text.market.now());
  return { max_price: text.mark(mark * 1.015), min_price: text.mark(mark * 0.985) };
}

function stats(text: MarketText): Record<string, number | null> {
  const { market } = text;
  const day = market.candles.statistics(DAY_MINUTES, market.now());
  if (!day) return { high: null, low: null, price_change: null, volume: null, volume_usd: null, volume_notional: null };
  const { coins, quote } = text.volumes(day.volume, day.turnover);
  return {
    high: text.price(day.high),
    low: text.price(day.low),
    price_change: Number((100 * (day.last / day.open - 1)).toFixed(4)),
    volume: coins,
    volume_notional: quote,
    volume_usd: quote,
  };
}

/** A trade as everybody hears of it. @param liquidation whose side was forced */
export function trade(text: MarketText, told: Trade, liquidation?: string): Record<string, unknown> {
  const { market } = text;
  const { listing } = market;
  const amount = text.amount(told.size);
  return {
    amount,
    ...(listing.kind !== 'spot' && { contracts: Number((amount / Number(listing.lotSize)).toFixed(8)) }),
    direction: told.side,
    index_price: text.mark(market.pricing.indexPrice(market.now())),
    instrument_name: listing.venueSymbol,
    ...(liquidation !== undefined && { liquidation }),
    mark_price: text.mark(market.pricing.mark(market.now())),
    price: text.price(told.price),
    tick_direction: told.side === 'buy' ? 0 : 2,
    timestamp: told.time,
    trade_id: idOf(listing, told.id),
    trade_seq: tradeSeq(told),
  };
}

/** A row of `public/get_book_summary_by_currency`. */
export function summary(text: MarketText): Record<string, unknown> {
  const { best_bid_price, best_ask_price, mark_price, last_price, open_interest, stats: day, ...rest } = ticker(text);
  const { listing } = text.market;
  const [bid, ask] = [best_bid_price || null, best_ask_price || null];
  return {
    ...(day as object),
    ask_price: ask,
    base_currency: listing.base,
    bid_price: bid,
    creation_timestamp: rest['timestamp'],
    ...('current_funding' in rest && { current_funding: rest['current_funding'], funding_8h: rest['funding_8h'] }),
    estimated_delivery_price: rest['estimated_delivery_price'],
    instrument_name: listing.venueSymbol,
    last: last_price,
    mark_price,
    mid_price: bid && ask ? (Number(bid) + Number(ask)) / 2 : null,
    ...(open_interest !== undefined && { open_interest }),
    quote_currency: listing.quote,
  };
}

/** A currency as `public/get_currencies` lists it. */
export function currency(code: string): Record<string, unknown> {
  return {
    coin_type: code === 'BTC' ? 'BITCOIN' : 'ETHER',
    currency: code,
    currency_long: code,
    decimals: 8,
    fee_precision: 4,
    in_cross_collateral_pool: true,
    min_confirmations: 1,
    min_withdrawal_fee: 0.0001,
    withdrawal_fee: 0.0001,
    withdrawal_priorities: [],
  };
}

/** Whether an instrument belongs to what a request asks for. */
export function isAskedFor(listing: Listing, currency: string | undefined, kind: string | undefined): boolean {
  const byCurrency = currency === undefined || currency === 'any' || currencyOf(listing) === currency;
  return byCurrency && (kind === undefined || kind === 'any' || kindOf(listing) === kind);
}

export function timeOf(market: Market): number {
  return Math.floor(market.now());
}
