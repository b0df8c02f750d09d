import type { Candle, Liquidation, Listing, Trade } from '@speed-protocol/simulator';
import { intervalOf } from '../candles.js';
import * as rows from '../rows.js';
import type { MarketText } from '../text.js';
import { DepthState, TouchState } from './depth-state.js';
import type { MessageNumbers } from './numbers.js';

/** Things that are told as they happen. */
export type LiveEvent = 'trade' | 'quote' | 'liquidation';

/** What one message says besides topic and time. */
export interface Said {
  readonly type?: 'snapshot' | 'delta';
  readonly data: unknown;
  /** When the matching engine did it, ms. */
  readonly cts?: number;
}

/** A topic that somebody listens to; its state is shared by all of them. */
export interface Source {
  /** Told to a newcomer at once. */
  first?(): Said | undefined;
  /** Messages due now, none if there is nothing new. `event` is what a live topic heard. */
  say(event?: unknown): readonly Said[];
}

/** One kind of topic. */
export interface TopicRow {
  readonly pattern: RegExp;
  /** Which instruments have it; default all. */
  readonly of?: (listing: Listing) => boolean;
  /** Told as it happens ... */
  readonly live?: LiveEvent;
  /** ... and at a cadence, on whole multiples of it. */
  readonly everyMs?: number;
  readonly open: (text: MarketText, numbers: MessageNumbers, match: string) => Source;
}

const isContract = ({ kind }: Listing): boolean => kind !== 'spot';
const isSpot = ({ kind }: Listing): boolean => kind === 'spot';

const depth = (levels: number, everyMs: number): TopicRow => ({
  pattern: new RegExp(`^orderbook\\.${levels}$`),
  everyMs,
  open: (text, numbers) => new DepthState(text, levels, numbers),
});

/** By the part before the symbol. https://bybit-exchange.github.io/docs/v5/websocket/public, with their cadences. */
const TOPICS: readonly TopicRow[] = [
  { pattern: /^orderbook\.1$/, live: 'quote', everyMs: 1_000, open: (text, numbers) => new TouchState(text, numbers) },
  depth(50, 20),
  depth(200, 100),
  depth(1000, 200),
  { pattern: /^publicTrade$/, live: 'trade', open: trades },
  { pattern: /^tickers$/, of: isContract, everyMs: 100, open: (text) => changing(text) },
  { pattern: /^tickers$/, of: isSpot, everyMs: 50, open: (text) => repeating(text) },
  { pattern: /^kline\.(\w+)$/, everyMs: 1_000, open: (text, _, name) => candles(text, name) },
  { pattern: /^allLiquidation$/, of: isContract, live: 'liquidation', open: liquidations },
  { pattern: /^priceLimit$/, everyMs: 1_000, open: (text) => ({ say: () => [{ data: rows.priceLimit(text) }] }) },
];

function trades(text: MarketText): Source {
  return { say: (event) => [{ type: 'snapshot', data: [rows.trade(text, event as Trade, text.market.book.lastId)] }] };
}

function liquidations(text: MarketText): Source {
  return { say: (event) => [{ type: 'snapshot', data: [rows.liquidation(text, event as Liquidation)] }] };
}

/** The whole ticker first, then the fields that have changed. */
function changing(text: MarketText): Source {
  let told: Readonly<Record<string, string>> | undefined;
  return {
    first: () => {
      told ??= rows.ticker(text);
      return told && { type: 'snapshot', data: told };
    },
    say: () => {
      const now = rows.ticker(text);
      const news = Object.entries(now ?? {}).filter(([name, value]) => told?.[name] !== value);
      told = now;
      if (news.length === 0) return [];
      return [{ type: 'delta', data: { symbol: text.market.listing.venueSymbol, ...Object.fromEntries(news) } }];
    },
  };
}

/** Spot tickers are told whole, whenever anything in them has changed. */
function repeating(text: MarketText): Source {
  let told = '';
  const whole = (row: Record<string, string> | undefined): Said | undefined => row && { type: 'snapshot', data: row };
  return {
    first: () => whole(rows.ticker(text)),
    say: () => {
      const row = rows.ticker(text);
      const now = JSON.stringify(row);
      if (!row || now === told) return [];
      told = now;
      return [{ type: 'snapshot', data: row }];
    },
  };
}

/** The closed candle once, then the running one whenever it has changed. */
function candles(text: MarketText, name: string): Source {
  const { market } = text;
  const interval = intervalOf(name)!;
  let before: Candle | undefined;
  let said = '';
  const print = (candle: Candle, confirm: boolean): Said => ({
    type: 'snapshot',
    data: [candleRow(text, candle, name, confirm)],
  });
  return {
    first: () => {
      const candle = market.candles.current(interval, market.now());
      return candle && print(candle, false);
    },
    say: () => {
      const candle = market.candles.current(interval, market.now());
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

function candleRow(text: MarketText, candle: Candle, interval: string, confirm: boolean) {
  const { market } = text;
  return {
    start: candle.openTime,
    end: candle.endTime - 1,
    interval,
    open: text.price(candle.open),
    close: text.price(candle.close),
    high: text.price(candle.high),
    low: text.price(candle.low),
    volume: text.size(candle.volume),
    turnover: text.turnover(candle.turnover),
    confirm,
    timestamp: Math.floor(market.now()),
  };
}

/** The row of a topic's name without its symbol. */
export function topicOf(name: string, listing: Listing): readonly [TopicRow, string] | undefined {
  for (const row of TOPICS) {
    const match = row.pattern.exec(name);
    if (!match || !(row.of?.(listing) ?? true)) continue;
    if (match[1] === undefined || intervalOf(match[1]) !== undefined) return [row, match[1] ?? ''];
  }
  return undefined;
}
