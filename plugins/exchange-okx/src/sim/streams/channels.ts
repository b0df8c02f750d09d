import type { AggregateTrade, Liquidation, Listing, Market, Trade, Venue } from '@speed-protocol/simulator';
import { type Bar, isBar, runningBar } from '../candles.js';
import * as rows from '../rows.js';
import { indexOf, instTypeOf, type MarketText } from '../text.js';
import { DepthState } from './depth-state.js';

/** The door that a channel lies behind. */
export type Door = 'public' | 'business';

/** Things that are told as they happen. */
export type LiveEvent = 'trade' | 'aggregate' | 'quote' | 'liquidation';

/** What one message says besides the channel's argument. */
export interface Said {
  readonly action?: 'snapshot' | 'update';
  readonly data: readonly unknown[];
}

/** A channel that somebody listens to; its state is shared by all of them. */
export interface Source {
  /** Told to a newcomer at once. */
  first?(): Said | undefined;
  /** Messages due now, none if there is nothing new. `event` is what a live channel heard. */
  say(event?: unknown): readonly Said[];
}

/** What a source is about: one market, or all of a type. */
interface Place {
  readonly text: MarketText;
  readonly venue: Venue;
  /** What the argument names. */
  readonly subject: string;
  readonly codeOf: (listing: Listing) => number;
  readonly textOf: (market: Market) => MarketText;
}

/** One kind of channel. */
export interface ChannelRow {
  readonly pattern: RegExp;
  readonly door: Door;
  /** What the argument names besides the channel. */
  readonly subject: 'instId' | 'index' | 'instType';
  /** Which instruments have it; default all. */
  readonly of?: (listing: Listing) => boolean;
  /** Told as it happens ... */
  readonly live?: LiveEvent;
  /** ... or at a cadence, on whole multiples of it. */
  readonly everyMs?: number;
  readonly open: (place: Place, match: RegExpExecArray) => Source;
}

const isContract = ({ kind }: Listing): boolean => kind !== 'spot';
const isPerpetual = ({ kind }: Listing): boolean => kind === 'perpetual';

/** https://www.okx.com/docs-v5/en/, the WebSocket channels of "Market data" and "Public data", with their cadences. */
const CHANNELS: readonly ChannelRow[] = [
  { pattern: /^books$/, door: 'public', subject: 'instId', everyMs: 100, open: ({ text }) => new DepthState(text, 400) },
  { pattern: /^books5$/, door: 'public', subject: 'instId', everyMs: 100, open: ({ text }) => topLevels(text, 5) },
  { pattern: /^bbo-tbt$/, door: 'public', subject: 'instId', live: 'quote', open: ({ text }) => topLevels(text, 1) },
  { pattern: /^trades$/, door: 'public', subject: 'instId', live: 'aggregate', open: aggregates },
  { pattern: /^trades-all$/, door: 'business', subject: 'instId', live: 'trade', open: trades },
  {
    pattern: /^tickers$/,
    door: 'public',
    subject: 'instId',
    everyMs: 100,
    open: ({ text }) => changing(() => rows.ticker(text)),
  },
  { pattern: /^candle(\w+)$/, door: 'business', subject: 'instId', everyMs: 1_000, open: candles },
  {
    pattern: /^funding-rate$/,
    door: 'public',
    subject: 'instId',
    of: isPerpetual,
    everyMs: 30_000,
    open: ({ text }) => repeating(() => rows.fundingRate(text, text.market.funding!)),
  },
  {
    pattern: /^mark-price$/,
    door: 'public',
    subject: 'instId',
    of: isContract,
    everyMs: 200,
    open: ({ text }) => changing(() => rows.markPrice(text)),
  },
  {
    pattern: /^open-interest$/,
    door: 'public',
    subject: 'instId',
    of: isContract,
    everyMs: 3_000,
    open: ({ text }) => repeating(() => rows.openInterest(text)),
  },
  {
    pattern: /^price-limit$/,
    door: 'public',
    subject: 'instId',
    of: isContract,
    everyMs: 200,
    open: ({ text }) => changing(() => rows.priceLimit(text)),
  },
  {
    pattern: /^index-tickers$/,
    door: 'public',
    subject: 'index',
    everyMs: 100,
    open: ({ text }) => changing(() => rows.indexTicker(text)),
  },
  { pattern: /^liquidation-orders$/, door: 'public', subject: 'instType', live: 'liquidation', open: liquidations },
  { pattern: /^instruments$/, door: 'public', subject: 'instType', everyMs: 60_000, open: instruments },
];

/** The best levels, whole, whenever they have changed. */
function topLevels(text: MarketText, depth: number): Source {
  const { market } = text;
  let said = '';
  const top = () => {
    const { bids, asks } = market.book.top(depth);
    return { asks: asks.map((level) => text.level('asks', level)), bids: bids.map((level) => text.level('bids', level)) };
  };
  const say = (levels: ReturnType<typeof top>): Said => ({
    data: [{ ...levels, instId: market.listing.venueSymbol, ts: String(market.changedAt), seqId: market.book.lastId }],
  });
  return {
    first: () => say(top()),
    say: () => {
      const levels = top();
      const key = JSON.stringify(levels);
      if (key === said) return [];
      said = key;
      return [say(levels)];
    },
  };
}

function aggregates({ text }: Place): Source {
  return { say: (event) => [{ data: [rows.aggregate(text, event as AggregateTrade)] }] };
}

function trades({ text }: Place): Source {
  return { say: (event) => [{ data: [rows.trade(text, event as Trade)] }] };
}

/** A row that is told when anything in it but its time has changed. */
function changing(row: () => Record<string, unknown> | undefined): Source {
  let said = '';
  return {
    first: () => said_(row()),
    say: () => {
      const now = row();
      const key = JSON.stringify({ ...now, ts: '' });
      if (!now || key === said) return [];
      said = key;
      return [{ data: [now] }];
    },
  };
}

function repeating(row: () => Record<string, unknown>): Source {
  return { first: () => said_(row()), say: () => [{ data: [row()] }] };
}

function said_(row: Record<string, unknown> | undefined): Said | undefined {
  return row && { data: [row] };
}

/** The closed candle once, then the running one whenever it has changed. */
function candles({ text }: Place, match: RegExpExecArray): Source {
  const { market } = text;
  const bar = match[1]!;
  let before: Bar | undefined;
  let said = '';
  const print = (candle: Bar, over: boolean): Said => ({ data: [text.candle(candle, over)] });
  return {
    first: () => {
      const candle = runningBar(market, bar, market.now());
      return candle && print(candle, false);
    },
    say: () => {
      const candle = runningBar(market, bar, market.now());
      if (!candle) return [];
      const closed = before !== undefined && before.openTime !== candle.openTime ? [print(before, true)] : [];
      before = candle;
      const key = `${candle.openTime}/${candle.count}`;
      if (key === said) return closed;
      said = key;
      return [...closed, print(candle, false)];
    },
  };
}

function liquidations({ subject, textOf }: Place): Source {
  return {
    say: (event) => {
      const [market, liquidation] = event as readonly [Market, Liquidation];
      return instTypeOf(market.listing) === subject ? [{ data: [rows.liquidation(textOf(market), liquidation)] }] : [];
    },
  };
}

/** The listing once; nothing in it changes while a simulation runs. */
function instruments({ venue, subject, codeOf }: Place): Source {
  const listed = venue.listings.filter((listing) => instTypeOf(listing) === subject);
  return { first: () => ({ data: listed.map((listing) => rows.instrument(listing, codeOf(listing))) }), say: () => [] };
}

/** The row of a channel's name, and what its pattern has found. */
export function channelOf(name: string): readonly [ChannelRow, RegExpExecArray] | undefined {
  for (const row of CHANNELS) {
    const match = row.pattern.exec(name);
    if (match && (match[1] === undefined || isBar(match[1]))) return [row, match];
  }
  return undefined;
}

/** Whether an instrument is what an argument names. */
export function isNamed(row: ChannelRow, listing: Listing, subject: string): boolean {
  if (row.subject === 'index') return indexOf(listing) === subject;
  return listing.venueSymbol === subject && (row.of?.(listing) ?? true);
}
