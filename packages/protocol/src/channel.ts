import { DEFAULT_BOOK_LEVELS, DEFAULT_CANDLE_INTERVAL, FEED_POLICY, type ServerFeed } from './names.js';

/** One thing to subscribe to. */
export interface ChannelSpec {
  readonly feed: ServerFeed;
  readonly venue: string;
  /** Unified symbol, e.g. `BTC/USDT:USDT`. */
  readonly symbol: string;
  /** `book`: levels per side (default 10). `depth`: a partial book of one of the venue's depths instead of every change. */
  readonly levels?: number | undefined;
  /** `candle`: one of the venue's intervals (default `1m`). */
  readonly interval?: string | undefined;
}

/**
 * The channel's name: `<feed>:<venue>:<symbol>`, and `<feed>@<levels or interval>:...` where that is not the default.
 * Equal subscriptions have equal names, so all clients of one share its bytes.
 */
export function channelName(spec: ChannelSpec): string {
  const option = channelOption(spec);
  return `${spec.feed}${option === undefined ? '' : `@${option}`}:${spec.venue}:${spec.symbol}`;
}

function channelOption({ feed, levels, interval }: ChannelSpec): string | number | undefined {
  if (feed === 'book') return levels === DEFAULT_BOOK_LEVELS ? undefined : levels;
  if (feed === 'depth') return levels;
  if (feed === 'candle') return interval === DEFAULT_CANDLE_INTERVAL ? undefined : interval;
  return undefined;
}

/** Inverse of {@link channelName}; `undefined` when the text is not a channel's name. */
export function parseChannel(name: string): ChannelSpec | undefined {
  const match = /^([a-zA-Z]+)(?:@([^:]+))?:([^:]+):(.+)$/.exec(name);
  if (!match) return undefined;
  const [, feed = '', option, venue = '', symbol = ''] = match;
  if (!Object.hasOwn(FEED_POLICY, feed)) return undefined;
  if (option === undefined) return { feed: feed as ServerFeed, venue, symbol };
  if (feed === 'candle') return { feed, venue, symbol, interval: option };
  return { feed: feed as ServerFeed, venue, symbol, levels: Number(option) };
}
