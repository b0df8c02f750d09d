import { createHash } from 'node:crypto';
import { OrderBook } from '@speed-protocol/book';
import { type Clock, eventToJson, keepEvent, levelsToPairs, SpeedError, type SpeedEvent } from '@speed-protocol/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { compact, loadManifests, Recording, Replay, saveInstruments } from '../src/index.js';
import { useRecording } from './support/folders.js';
import { randomEvents, randomFrom, seedOf } from './support/random.js';

// Hundreds of small files with an fsync each: slow on a busy disk.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const SYMBOL = 'BTC/USDT:USDT';
const VENUE = 'binanceusdm';

const streamOf = (event: SpeedEvent) => `${event.type === 'gap' ? event.feed : event.type} ${event.venue} ${event.symbol}`;
const byStream = (lines: readonly { stream: string; json: string }[]) => {
  const streams = new Map<string, string[]>();
  for (const { stream, json } of lines) streams.set(stream, [...(streams.get(stream) ?? []), json]);
  return Object.fromEntries([...streams].sort());
};
const sha = (lines: readonly { json: string }[]) =>
  lines.reduce((hash, { json }) => hash.update(`${json}\n`), createHash('sha256')).digest('hex');
const state = (book: OrderBook) => {
  const { bids, asks } = book.top(10_000);
  return { status: book.status().state, sequence: book.status().sequence, bids: levelsToPairs(bids), asks: levelsToPairs(asks) };
};

describe('replay', () => {
  const { at, open } = useRecording();
  let live: { stream: string; json: string; event: SpeedEvent }[];
  const seed = seedOf();

  beforeEach(async () => {
    console.log(`SPEED_SEED=${seed}`);
    live = [];
    const { writer } = await open({ segmentBytes: 300_000 });
    for (const event of randomEvents(seed, 2_000, 1_767_225_600_000 + 3_585_000)) {
      writer.push(event);
      live.push({ stream: streamOf(event), json: eventToJson(event), event: keepEvent(event) });
      if (live.length % 500 === 0) await writer.flush();
    }
    await writer.close();
  });

  const collect = async (options: Parameters<Recording['events']>[0] = {}) => {
    const recording = await Recording.open(at.store);
    const lines: { stream: string; json: string; time: number | null }[] = [];
    for await (const event of recording.events(options))
      lines.push({ stream: streamOf(event), json: eventToJson(event), time: event.type === 'gap' ? null : event.venueTime });
    return lines;
  };

  it('in order of arrival is the live run, byte for byte, ten times, before and after compaction', async () => {
    for (let run = 0; run < 10; run++) expect(sha(await collect({ order: 'arrival' }))).toBe(sha(live));
    for (const manifest of await loadManifests(at.store)) await compact(at.store, manifest, { before: Number.POSITIVE_INFINITY });
    expect(sha(await collect({ order: 'arrival' }))).toBe(sha(live));
  });

  it('in order of event time is the same every time, keeps every stream as it was, and does not step back', async () => {
    const first = await collect();
    expect(first).toHaveLength(live.length);
    expect(byStream(first)).toEqual(byStream(live));
    for (let run = 0; run < 3; run++) expect(sha(await collect())).toBe(sha(first));
    // Venue times jitter within a stream, which keeps its order; across streams no event is later than that. Gaps stand
    // between two rows of their stream, whatever time they were noticed.
    let latest = Number.NEGATIVE_INFINITY;
    for (const { time } of first) {
      if (time === null) continue;
      expect(time).toBeGreaterThan(latest - 60);
      latest = Math.max(latest, time);
    }
  });

  it('selects by dataset, venue, symbol and time', async () => {
    const only = await collect({ datasets: ['trades'], venues: ['binance'], symbols: ['BTC/USDT'] });
    expect(byStream(only)).toEqual(byStream(live.filter(({ stream }) => stream === 'trade binance BTC/USDT')));
    const from = 1_767_225_600_000 + 3_600_000;
    const late = await collect({ from, datasets: ['quotes'] });
    expect(late.length).toBeGreaterThan(0);
    expect(late.every(({ time }) => time === null || time >= from - 1)).toBe(true);
  });

  it('rebuilds any book at any moment as a full replay has it', async () => {
    const recording = await Recording.open(at.store);
    const random = randomFrom(seed);
    const source = await recording.depthSource(VENUE, SYMBOL);
    const full: { time: number; state: ReturnType<typeof state> }[] = [];
    const book = new OrderBook();
    for (let more = await source.open(); more; more = await source.advance()) {
      const event = source.event()!;
      if (event.type === 'depth') book.applyDepth(event);
      full.push({ time: source.time, state: state(book) });
    }
    for (let k = 0; k < 40; k++) {
      const { time } = full[Math.floor(random() * full.length)]!;
      const expected = full.findLast((step) => step.time <= time)!.state;
      expect(state(await recording.bookAt(VENUE, SYMBOL, time))).toEqual(expected);
    }
  });

  it('through connectors, a strategy sees what it would have seen live; its clock is the recording’s', async () => {
    const replay = new Replay(await Recording.open(at.store), { order: 'arrival' });
    const seen: { stream: string; json: string }[] = [];
    const ticks: number[] = [];
    for (const [feed, venue, symbol] of [
      ['depth', VENUE, SYMBOL],
      ['trade', VENUE, SYMBOL],
      ['trade', 'binance', '币安人生/USDT'],
    ] as const) {
      const { market } = replay.connector(venue);
      await market!.subscribe(feed, symbol, (event: SpeedEvent) => {
        seen.push({ stream: streamOf(event), json: eventToJson(event) });
        expect(event.receivedAt).toBeLessThanOrEqual(replay.clock.now() + 2_000);
      });
    }
    const tick = () => {
      ticks.push(replay.clock.now());
      replay.clock.schedule(1_000, tick);
    };
    replay.clock.schedule(1_000, tick);
    const result = await replay.play();
    const wanted = new Set(['depth binanceusdm BTC/USDT:USDT', 'trade binanceusdm BTC/USDT:USDT', 'trade binance 币安人生/USDT']);
    expect(sha(seen)).toBe(sha(live.filter(({ stream }) => wanted.has(stream))));
    expect(result.events).toBe(seen.length);
    expect(ticks.length).toBeGreaterThan(30);
    expect(ticks.every((time, i) => i === 0 || time - ticks[i - 1]! === 1000)).toBe(true);
  });

  it('that begins in the middle begins with the book of that moment', async () => {
    const recording = await Recording.open(at.store);
    const from = 1_767_225_600_000 + 3_600_000;
    const replay = new Replay(recording, { from });
    const book = new OrderBook();
    const kinds: string[] = [];
    await replay.connector(VENUE).market!.subscribe('depth', SYMBOL, (event) => {
      kinds.push(event.type === 'depth' ? event.kind : event.type);
      if (event.type === 'depth') expect(book.applyDepth(event)).toBe('applied');
    });
    await replay.play();
    expect(kinds[0]).toBe('snapshot');
    expect(kinds.slice(1).every((kind) => kind === 'delta')).toBe(true);
    expect(kinds.length).toBeGreaterThan(10);
    expect(kinds.length).toBeLessThan(live.filter(({ stream }) => stream === `depth ${VENUE} ${SYMBOL}`).length);
    expect(state(book)).toEqual(state(await recording.bookAt(VENUE, SYMBOL, Number.POSITIVE_INFINITY)));
  });

  it('lets a listener join while it plays: snapshot first, then on', async () => {
    const replay = new Replay(await Recording.open(at.store));
    const { market } = replay.connector(VENUE);
    const late = new OrderBook();
    let joined: Promise<unknown> | undefined;
    let n = 0;
    await market!.subscribe('depth', SYMBOL, () => {
      if (++n !== 100) return;
      joined = market!.subscribe('depth', SYMBOL, (event) => {
        if (event.type === 'depth') expect(late.applyDepth(event)).toBe('applied');
      });
    });
    await replay.play();
    await joined;
    expect(state(late)).toEqual(state(await replay.recording.bookAt(VENUE, SYMBOL, Number.POSITIVE_INFINITY)));
  });

  it('keeps the recorded pace times the factor', async () => {
    let now = 0;
    const pacer: Clock = {
      now: () => now,
      schedule(ms, run) {
        now += ms;
        run();
        return () => {};
      },
    };
    const replay = new Replay(await Recording.open(at.store), { speed: 10, pacer });
    await replay.connector(VENUE).market!.subscribe('trade', SYMBOL, () => {});
    const { firstTime, lastTime } = await replay.play();
    expect(now).toBeGreaterThan((lastTime! - firstTime!) / 10 - 2);
    expect(now).toBeLessThan((lastTime! - firstTime!) / 10 + 2);
  });

  it('ends subscriptions at the end, keeps instruments, and says what it lacks', async () => {
    const recording = await Recording.open(at.store);
    const replay = new Replay(recording);
    const connector = replay.connector(VENUE);
    const subscription = await connector.market!.subscribe('trade', SYMBOL, () => {});
    await replay.play();
    await subscription.closed;
    expect(subscription.state).toBe('closed');
    await expect(connector.reference.instrument(SYMBOL)).rejects.toThrow(/no instruments/);
    await saveInstruments(at.store, VENUE, [{ symbol: SYMBOL } as never]);
    expect(await new Replay(recording).connector(VENUE).reference.instrument(SYMBOL)).toEqual({ symbol: SYMBOL });
    await expect(connector.market!.subscribe('trade', 'BTC/USDC:USDC', () => {})).rejects.toThrow(/did you mean BTC\/USDT:USDT/);
    await expect(connector.market!.subscribe('ticker', SYMBOL, () => {})).rejects.toThrow(/has no ticker/);
    expect(() => replay.connector('okx')).toThrow(/holds binance, binanceusdm/);
    expect(() => new Replay(recording, { speed: 0 })).toThrow(/not a speed/);
    await expect(Recording.open({ ...at.store, location: 'x', list: async function* () {} } as never)).rejects.toThrow(
      /holds no recording/,
    );
    const aborted = new Replay(recording);
    await aborted.connector(VENUE).market!.subscribe('trade', SYMBOL, () => {});
    const error = await aborted.play({ signal: AbortSignal.abort() }).catch((reason: unknown) => reason);
    expect(SpeedError.is(error, 'aborted')).toBe(true);
  });
});
