import type { Listing, Market, Trade } from '@speed-protocol/simulator';
import { candleRow, candlesOf, isResolution } from '../candles.js';
import type { RouteContext } from '../rest/route.js';
import * as rows from '../rows.js';
import { indexOf, type MarketText } from '../text.js';
import { DepthState } from './depth-state.js';

/** Things that are told as they happen. */
export type LiveEvent = 'trade' | 'quote' | 'book';

/** A channel that somebody listens to; its state is shared by all of them. */
export interface Source {
  /** Told to a newcomer at once. */
  first?(): unknown;
  /** Data of the messages due now, none if there is nothing new. `happened` is what a live channel heard. */
  say(happened?: readonly [Market, Trade | undefined]): readonly unknown[];
  /** For channels with a cadence that gather what happens in between. */
  readonly gathers?: true;
}

/** What a source is about: the channel's words, and the market that they name; any of them where they name many. */
interface Place {
  readonly text: MarketText;
  readonly context: RouteContext;
  readonly words: readonly string[];
}

/** One kind of channel. */
interface ChannelRow {
  readonly pattern: RegExp;
  /** What it is about, by the first words of the pattern. */
  readonly of: (listing: Listing, words: readonly string[]) => boolean;
  /** Which word says the interval: `raw`, `100ms` or `agg2`. */
  readonly interval?: number;
  /** Where no word says it: ms, or what it is told by as it happens. */
  readonly every?: number | LiveEvent;
  /** What a raw channel is told by. */
  readonly live?: LiveEvent;
  readonly open: (place: Place) => Source;
}

const byName = ({ venueSymbol }: Listing, [name]: readonly string[]): boolean => venueSymbol === name;
const byIndex = (listing: Listing, [name]: readonly string[]): boolean => indexOf(listing) === name;
const byKind = (listing: Listing, [kind, currency]: readonly string[]): boolean => rows.isAskedFor(listing, currency, kind);
const perpetual = (listing: Listing, words: readonly string[]): boolean => byName(listing, words) && listing.kind === 'perpetual';

const NAME = '([A-Z0-9_]+(?:-[A-Za-z0-9]+)*)';
const INTERVAL = '(raw|100ms|agg2)';
const channel = (text: string): RegExp => new RegExp(`^${text.replace('NAME', NAME).replace('INTERVAL', INTERVAL)}$`);

/** https://docs.deribit.com/#subscriptions, with their cadences. */
const CHANNELS: readonly ChannelRow[] = [
  { pattern: channel('book\\.NAME\\.INTERVAL'), of: byName, interval: 1, live: 'book', open: ({ text }) => new DepthState(text) },
  { pattern: channel('book\\.NAME\\.(none|\\d+)\\.(1|10|20)\\.(100ms|agg2)'), of: byName, interval: 3, open: grouped },
  { pattern: channel('trades\\.NAME\\.INTERVAL'), of: byName, interval: 1, live: 'trade', open: trades },
  {
    pattern: channel('trades\\.(future|option|spot|any)\\.([A-Z]+|any)\\.INTERVAL'),
    of: byKind,
    interval: 2,
    live: 'trade',
    open: trades,
  },
  { pattern: channel('quote\\.NAME'), of: byName, every: 'quote', open: quote },
  { pattern: channel('ticker\\.NAME\\.INTERVAL'), of: byName, interval: 1, live: 'quote', open: ticker },
  { pattern: channel('incremental_ticker\\.NAME'), of: byName, every: 100, open: ticker },
  { pattern: channel('perpetual\\.NAME\\.INTERVAL'), of: perpetual, interval: 1, live: 'quote', open: funding },
  { pattern: channel('chart\\.trades\\.NAME\\.(\\w+)'), of: byName, every: 1_000, open: candles },
  { pattern: channel('deribit_price_index\\.(\\w+)'), of: byIndex, every: 1_000, open: priceIndex },
  { pattern: channel('platform_state'), of: () => true, every: 60_000, open: () => ({ say: () => [] }) },
  { pattern: channel('instrument\\.state\\.(\\w+)\\.(\\w+)'), of: byKind, every: 60_000, open: () => ({ say: () => [] }) },
];

const CADENCES: Readonly<Record<string, number>> = { '100ms': 100, agg2: 1_000 };

/** A channel's row with the words of its name, and how it is told. */
export interface Found {
  readonly of: (listing: Listing) => boolean;
  /** ms, or as it happens. */
  readonly every: number | LiveEvent;
  /** Only for those who have logged in. */
  readonly isRaw: boolean;
  open(place: Omit<Place, 'words'>): Source;
}

export function channelOf(name: string): Found | undefined {
  for (const row of CHANNELS) {
    const match = row.pattern.exec(name);
    if (!match) continue;
    const words = match.slice(1);
    if (name.startsWith('chart.') && !isResolution(words[1]!)) return undefined;
    const interval = row.interval === undefined ? undefined : words[row.interval];
    const every = interval === undefined ? row.every! : (CADENCES[interval] ?? row.live!);
    return {
      of: (listing) => row.of(listing, words),
      every,
      isRaw: interval === 'raw',
      open: (place) => row.open({ ...place, words }),
    };
  }
  return undefined;
}

/** The best levels, whole, whenever they have changed. */
function grouped({ text, words }: Place): Source {
  const depth = Number(words[2]);
  const { market } = text;
  return changing(() => {
    const { bids, asks } = market.book.top(depth);
    return {
      timestamp: market.changedAt,
      instrument_name: market.listing.venueSymbol,
      change_id: market.book.lastId,
      bids: bids.map((level) => text.level(level)),
      asks: asks.map((level) => text.level(level)),
    };
  });
}

/** Trades of one market or of many; with a cadence those of a while together. */
function trades({ context }: Place): Source {
  let gathered: unknown[] = [];
  return {
    gathers: true,
    say: (happened) => {
      if (happened?.[1]) {
        const [market, trade] = happened;
        gathered.push(rows.trade(context.texts.of(market), trade, context.desk.liquidated(market, trade)));
        return [];
      }
      const due = gathered;
      gathered = [];
      return due.length === 0 ? [] : [due];
    },
  };
}

function quote({ text }: Place): Source {
  return changing(() => {
    const { best_bid_price, best_bid_amount, best_ask_price, best_ask_amount, instrument_name, timestamp } = rows.ticker(text);
    return { timestamp, instrument_name, best_bid_price, best_bid_amount, best_ask_price, best_ask_amount };
  });
}

function ticker({ text }: Place): Source {
  return changing(() => rows.ticker(text));
}

function funding({ text }: Place): Source {
  return changing(() => {
    const { timestamp, index_price, current_funding } = rows.ticker(text);
    return { timestamp, interest: current_funding, index_price };
  });
}

/** The running candle, whenever it has changed. */
function candles({ text, words }: Place): Source {
  let said = '';
  return {
    say: () => {
      const candle = candlesOf(text.market, words[1]!).at(-1);
      if (!candle || candle.count === 0 || said === `${candle.openTime}/${candle.count}`) return [];
      said = `${candle.openTime}/${candle.count}`;
      return [candleRow(text, candle)];
    },
  };
}

function priceIndex({ text, words }: Place): Source {
  return changing(() => ({ timestamp: rows.timeOf(text.market), price: rows.ticker(text)['index_price'], index_name: words[0] }));
}

/** Data that are told when anything in them but the time has changed. */
function changing(data: () => Record<string, unknown>): Source {
  let said = '';
  return {
    first: data,
    say: () => {
      const now = data();
      const key = JSON.stringify({ ...now, timestamp: 0 });
      if (key === said) return [];
      said = key;
      return [now];
    },
  };
}
