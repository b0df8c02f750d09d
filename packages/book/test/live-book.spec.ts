import {
  type Clock,
  type DepthEvent,
  decimal,
  type FeedListener,
  type GapEvent,
  type Instrument,
  levelsToPairs,
  SpeedError,
} from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { type BookConnector, ConsolidatedBook, fundingApr, watchBook } from '../src/index.js';
import { delta, gap, snapshot } from './events.js';
import { inverse, spot } from './instruments.js';

/** A connector that says what the test tells it to; the real ones are driven by the fault runs. */
class ScriptedConnector implements BookConnector {
  readonly venue = 'sim';
  listing: readonly Instrument[] = [spot];
  disposals = 0;
  refreshes = 0;
  end: () => void = () => undefined;
  private on: FeedListener<'depth'> = () => undefined;

  readonly reference = {
    instrument: async () => this.listing[0] as Instrument,
    instruments: async () => {
      this.refreshes++;
      return this.listing;
    },
  };

  readonly market = {
    subscribe: async (_feed: string, symbol: string, on: FeedListener<'depth'>) => {
      this.on = on;
      const closed = new Promise<void>((resolve) => {
        this.end = resolve;
      });
      const dispose = async () => {
        this.disposals++;
      };
      return { feed: 'depth', symbol, state: 'live', closed, [Symbol.asyncDispose]: dispose } as const;
    },
    depthSnapshot: async () => snapshot(1, [], []),
  };

  emit(event: DepthEvent | GapEvent): void {
    this.on(event);
  }
}

class HandClock implements Clock {
  constructor(public time: number) {}

  now(): number {
    return this.time;
  }

  schedule(): () => void {
    return () => undefined;
  }
}

describe('watchBook', () => {
  it('is never live between a gap and the next snapshot, and tells its listener', async () => {
    const connector = new ScriptedConnector();
    const states: string[] = [];
    await using book = await watchBook(connector, 'BTC/USDT', (now, event) => states.push(`${event.type}:${now.status().state}`));
    expect(book.status().state).toBe('syncing');
    connector.emit(snapshot(5, [[99, 1]], [[101, 1]]));
    connector.emit(delta(5, 6, [[99.5, 1]], []));
    connector.emit(gap);
    connector.emit(delta(6, 7, [[99.6, 1]], []));
    connector.emit(snapshot(9, [[98, 1]], [[101, 1]]));
    connector.emit(delta(8, 10, [], []));
    expect(states).toEqual(['depth:live', 'depth:live', 'gap:stale', 'depth:stale', 'depth:live', 'depth:stale']);
    expect(book.status()).toMatchObject({ gaps: 2, resyncs: 1, sequence: 9 });
    expect([book.bestBid, book.bestAsk, book.crossed, book.sizeAt('bid', 98)]).toEqual([98, 101, false, 1]);
  });

  it('goes stale by age when asked to, and when the subscription ends', async () => {
    const clock = new HandClock(1_000);
    const connector = new ScriptedConnector();
    const book = await watchBook(connector, 'BTC/USDT', undefined, { maxAgeMs: 500, clock });
    connector.emit(snapshot(1, [[99, 1]], [], 900));
    expect(book.status()).toMatchObject({ state: 'live', ageMs: 100 });
    clock.time = 1_401;
    expect(book.status()).toMatchObject({ state: 'stale', ageMs: 501, gaps: 0 });
    clock.time = 1_000;
    connector.end();
    await expect.poll(() => book.status().state).toBe('stale');
    await expect(book.whenLive()).rejects.toThrow(/is closed; watch it again/);
    expect(levelsToPairs(book.top(1).bids)).toEqual([[99, 1]]);
  });

  it('lets callers wait for it, with a signal', async () => {
    const connector = new ScriptedConnector();
    await using book = await watchBook(connector, 'BTC/USDT');
    const aborter = new AbortController();
    const aborted = book.whenLive({ signal: aborter.signal });
    const live = book.whenLive();
    aborter.abort();
    await expect(aborted).rejects.toSatisfy((error) => SpeedError.is(error, 'aborted'));
    connector.emit(snapshot(1, [], []));
    await live;
  });

  it('unsubscribes when disposed and ignores what comes afterwards', async () => {
    const connector = new ScriptedConnector();
    const book = await watchBook(connector, 'BTC/USDT');
    connector.emit(snapshot(1, [[99, 1]], []));
    await book[Symbol.asyncDispose]();
    connector.emit(snapshot(2, [[50, 1]], []));
    expect([connector.disposals, book.bestBid, book.status().state]).toEqual([1, 99, 'stale']);
  });

  it('asks for the instrument again when prices leave the tick grid', async () => {
    const connector = new ScriptedConnector();
    await using book = await watchBook(connector, 'BTC/USDT');
    connector.listing = [{ ...spot, tickSize: decimal('0.01') }];
    connector.emit(snapshot(1, [[99.01, 1]], []));
    connector.emit(delta(1, 2, [[99.02, 1]], []));
    expect(connector.refreshes).toBe(1);
    await connector.reference.instruments();
    expect(levelsToPairs(book.top(2).bids)).toEqual([[99.02, 1], [99.01, 1]]); // biome-ignore format: one row
  });

  it('says so when a venue has no market data', async () => {
    const { venue, reference } = new ScriptedConnector();
    await expect(watchBook({ venue, reference }, 'BTC/USDT')).rejects.toThrow(/sim has no market data/);
  });
});

describe('ConsolidatedBook', () => {
  it('merges live books in base units and leaves the others out', async () => {
    const clock = new HandClock(100);
    const [one, two, three] = [new ScriptedConnector(), new ScriptedConnector(), new ScriptedConnector()];
    two.listing = [inverse];
    const books = await Promise.all([one, two, three].map((connector) => watchBook(connector, 'BTC', undefined, { clock })));
    one.emit(snapshot(1, [[99, 2], [97, 1]], [[101, 1]], 90)); // biome-ignore format: one row
    two.emit(snapshot(1, [[98, 49]], [[100, 3]], 80));
    const all = new ConsolidatedBook(books, { maxAgeMs: 50 });
    expect(all.top(2).bids.map(({ price, size }) => [price, size])).toEqual([[99, 2], [98, 50]]); // biome-ignore format: one row
    expect(all.top(1).asks).toEqual([{ venue: 'sim', symbol: 'BTC/USD:BTC', price: 100, size: 3 }]);
    expect(all.sources().map(({ used }) => used)).toEqual([true, true, false]);
    clock.time = 135;
    expect(all.top(2).asks.map(({ price }) => price)).toEqual([101]);
    one.emit(gap);
    expect(all.top(2)).toEqual({ bids: [], asks: [] });
  });
});

describe('fundingApr', () => {
  it.each([
    [0.0001, 8, 0.1095],
    [0.0001, 4, 0.219],
    [-0.0001, 1, -0.876],
    [0.0001, null, null],
    [null, 8, null],
    [0.0001, 0, null],
    [Number.NaN, 8, null],
  ])('of %s every %s h is %s', (rate, hours, apr) => {
    const got = fundingApr(rate, hours);
    if (apr === null) expect(got).toBeNull();
    else expect(got).toBeCloseTo(apr, 12);
  });
});
