import type {
  CallOptions,
  Connector,
  DepthEvent,
  FeedListener,
  FeedName,
  FeedOptions,
  Instrument,
  MarketData,
  Reference,
  SpeedEvent,
  Subscription,
} from '@speed-protocol/core';
import { copyLevels, nearest, SpeedError } from '@speed-protocol/core';
import { DATASETS, datasetOf } from '../datasets/table.js';
import { loadInstruments } from './instruments.js';
import type { Replay } from './replay.js';

/** A venue's connector that is fed from a recording. Private rooms do not exist on it. */
export function createReplayConnector(replay: Replay, venue: string): Connector {
  const feeds = recordedFeeds(replay, venue);
  return {
    venue,
    capabilities: { market: { feeds } },
    reference: replayReference(replay, venue),
    market: replayMarket(replay, venue, feeds),
    connections: () => [
      { name: 'recording', state: 'open', topics: feeds.length, reconnects: 0, lastFrameAt: replay.clock.now() },
    ],
    async [Symbol.asyncDispose]() {},
  };
}

const recordedFeeds = (replay: Replay, venue: string): FeedName[] => [
  ...new Set(
    replay.recording
      .streams()
      .filter((stream) => stream.venue === venue)
      .flatMap(({ dataset }) => DATASETS[dataset].feed ?? []),
  ),
];

function replayReference(replay: Replay, venue: string): Reference {
  let loading: Promise<readonly Instrument[]> | undefined;
  const instruments = () => {
    loading ??= loadInstruments(replay.recording.store, venue);
    return loading;
  };
  return {
    instruments,
    async instrument(symbol) {
      const all = await instruments();
      const found = all.find((instrument) => instrument.symbol === symbol);
      if (found !== undefined) return found;
      const hint = nearest(
        symbol,
        all.map((instrument) => instrument.symbol),
      );
      const why =
        all.length === 0
          ? 'the recording has no instruments of it'
          : `it has none called that${hint ? `; did you mean ${hint}?` : ''}`;
      throw new SpeedError('not-found', `${symbol} on ${venue}: ${why}`, { venue });
    },
    serverTime: async () => replay.clock.now(),
  };
}

function replayMarket(replay: Replay, venue: string, feeds: readonly FeedName[]): MarketData {
  return {
    async subscribe<K extends FeedName>(feed: K, symbol: string, on: FeedListener<K>, options: FeedOptions & CallOptions = {}) {
      const dataset = datasetOf.get(feed);
      if (dataset === undefined || !feeds.includes(feed)) {
        throw new SpeedError('unsupported', `The recording has no ${feed} of ${venue}; it has ${feeds.join(', ')}`, { venue });
      }
      if (options.levels !== undefined)
        throw new SpeedError('unsupported', 'A recording has full books; leave out "levels".', { venue });
      const track = replay.knownTrack(dataset, venue, symbol) ?? (await replay.track(dataset, venue, symbol));
      const wanted = feed === 'candle' ? (options.interval ?? '1m') : undefined;
      return listen(feed, symbol, (onEnd) =>
        track.add((event) => {
          if (wanted === undefined || event.type !== 'candle' || event.interval === wanted)
            (on as (event: SpeedEvent) => void)(event);
        }, onEnd),
      );
    },
    async depthSnapshot(symbol, options = {}): Promise<DepthEvent> {
      const track = await replay.track('depth', venue, symbol);
      const now = track.snapshot();
      if (now === undefined)
        throw new SpeedError('unavailable', `The recording has no live book of ${symbol} on ${venue} at this moment.`, { venue });
      const { limit = Number.POSITIVE_INFINITY } = options;
      const side = (levels: DepthEvent['bids']) => copyLevels({ ...levels, count: Math.min(limit, levels.count) });
      return { ...now, bids: side(now.bids), asks: side(now.asks) };
    },
  };
}

function listen(feed: FeedName, symbol: string, add: (onEnd: () => void) => () => void): Subscription {
  let state: Subscription['state'] = 'live';
  let settle = () => {};
  const closed = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const remove = add(() => {
    state = 'closed';
    settle();
  });
  return {
    feed,
    symbol,
    closed,
    get state() {
      return state;
    },
    async [Symbol.asyncDispose]() {
      remove();
    },
  };
}
