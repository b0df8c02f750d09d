import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { OrderBook } from '@speed-protocol/book';
import { eventToJson, keepEvent, levelsToPairs, type RawFrame, type SpeedEvent } from '@speed-protocol/core';
import binance from '@speed-protocol/exchange-binance';
import dialect from '@speed-protocol/exchange-binance/sim';
import { Engine, HistoryWriter, Recording, verify } from '@speed-protocol/history';
import local from '@speed-protocol/persister-local';
import { openRecordedVenues } from '@speed-protocol/simulator';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { randomFrom, seedOf } from '../../../packages/history/test/support/random.js';
import { StreamClient } from '../../../plugins/exchange-binance/test/stream-client.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const beside = path.resolve(import.meta.dirname, '../../../../shared/captures');
const directory = path.resolve(process.env['SPEED_CAPTURES'] ?? beside);
/** One per venue; real frames as an exchange sent them. */
const CAPTURES = [
  ['binanceusdm', 'binance-usdm.wire.hft-btcusdt-20240718.jsonl.gz'],
  ['binance', 'binance-spot.wire.cryptofeed-2021-04.jsonl.gz'],
  ['binancecoinm', 'binance-coinm.wire.cryptofeed-2021-07.jsonl.gz'],
] as const;

async function* framesOf(file: string): AsyncGenerator<RawFrame> {
  const input = createReadStream(path.join(directory, file)).pipe(createGunzip());
  for await (const line of createInterface({ input })) yield JSON.parse(line) as RawFrame;
}

/** Frames of a capture as normalised events. */
async function* eventsOf(venue: (typeof CAPTURES)[number][0], file: string): AsyncGenerator<SpeedEvent> {
  const normalizer = binance.createNormalizer(venue);
  for await (const frame of framesOf(file)) {
    const result = normalizer.normalize(frame);
    if (result.outcome === 'events') yield* result.events;
  }
}

/** Streams of a symbol that carry what was recorded; one of them per event. */
function streamsOf(venueSymbol: string, recorded: ReadonlySet<string>): string[] {
  const name = venueSymbol.toLowerCase();
  const intervals = [...recorded].filter((each) => each.startsWith('candle ')).map((each) => `kline_${each.slice(7)}`);
  const feeds = ['depth@100ms', 'trade', 'bookTicker', 'markPrice@1s', 'forceOrder', ...intervals];
  return feeds.map((feed) => `${name}@${feed}`);
}

/**
 * Plays the recording out through the venue's own wire into a plain client, which knows nothing of SPEED but the URL, and
 * hashes what its frames mean. A book snapshot is no frame on this venue: the client asks for it by REST when it is due.
 */
async function throughTheWire(venue: (typeof CAPTURES)[number][0], file: string, recording: Recording): Promise<string> {
  await using wire = await openRecordedVenues({ dialects: [dialect], venues: [venue], limits: { weightFactor: Infinity } });
  const { ws, rest } = wire.venues[venue]!;
  const events = await kept(recording.events({ order: 'arrival' }));
  const kinds = new Set(events.map((event) => (event.type === 'candle' ? `candle ${event.interval}` : event.type)));
  const names = [...new Set(events.map(({ venueSymbol }) => venueSymbol))].flatMap((each) => streamsOf(each, kinds));
  const url = (base: string) => `${base}/stream`;
  const clients = await Promise.all([ws.public, ws.market].flatMap((base) => (base ? [StreamClient.open(url(base))] : [])));
  // One door after the other would mix up the order: a client that wants it listens behind one door only.
  for (const client of clients) await client.request('SUBSCRIBE', names, 1);
  const normalizer = binance.createNormalizer(venue);
  // The client knows the venue's instruments as the live run did.
  for await (const line of framesOf(file)) if (line.url?.includes('exchangeInfo')) normalizer.normalize(line);
  const hash = createHash('sha256');
  const take = (frame: RawFrame) => {
    const result = normalizer.normalize(frame);
    if (result.outcome !== 'events') throw new Error(`${result.outcome}: ${frame.raw}`);
    for (const event of result.events) hash.update(`${eventToJson(event)}\n`);
  };
  const frame = { venue, dir: 'in', ts: 0 } as const;
  const seen = clients.map(() => 1);
  for (const event of events) {
    wire.play(event);
    if (event.type === 'depth' && event.kind === 'snapshot') {
      const at = `${rest['public']}${DEPTH_PATHS[venue]}?symbol=${event.venueSymbol}&limit=${venue === 'binance' ? 5000 : 1000}`;
      take({ ...frame, transport: 'rest', url: at, raw: await (await fetch(at)).text() });
      continue;
    }
    const heard = () => clients.findIndex(({ texts }, at) => texts.length > seen[at]!);
    await Promise.race(clients.map((client) => client.until(() => heard() >= 0)));
    const which = heard();
    take({ ...frame, transport: 'ws', url: url(ws.public), raw: clients[which]!.texts[seen[which]!++]! });
  }
  for (const client of clients) client.close();
  return hash.digest('hex');
}

const DEPTH_PATHS = { binance: '/api/v3/depth', binanceusdm: '/fapi/v1/depth', binancecoinm: '/dapi/v1/depth' } as const;

async function kept(events: AsyncIterable<SpeedEvent>): Promise<SpeedEvent[]> {
  const all: SpeedEvent[] = [];
  for await (const event of events) all.push(keepEvent(event));
  return all;
}

const RECORDED: ReadonlySet<string> = new Set(['depth', 'trade', 'quote', 'funding', 'candle', 'liquidation', 'gap']);
const state = (book: OrderBook) => {
  const { bids, asks } = book.top(10_000);
  return JSON.stringify([book.status().state, book.status().sequence, levelsToPairs(bids), levelsToPairs(asks)]);
};

describe.skipIf(!existsSync(directory))(
  'captured streams recorded and replayed (needs a folder of captures: SPEED_CAPTURES=DIR, or ../shared/captures)',
  () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'speed-capture-'));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    it.each(CAPTURES)(
      '%s: ten replays, two of them through the wire, have the SHA-256 of the live run; books at random moments equal a full replay',
      async (venue, file) => {
        const store = local.create(path.join(folder, 'data'));
        const engine = await Engine.open({ store, spool: path.join(folder, 'spool'), segmentBytes: 2 << 20 });
        const writer = new HistoryWriter(engine);
        const live = createHash('sha256');
        const perStream = new Map<string, number>();
        let events = 0;
        for await (const event of eventsOf(venue, file)) {
          if (!RECORDED.has(event.type)) continue;
          expect(writer.push(event)).toBeGreaterThan(0);
          live.update(`${eventToJson(event)}\n`);
          perStream.set(event.type, (perStream.get(event.type) ?? 0) + 1);
          if (++events % 2000 === 0) await writer.flush();
        }
        await writer.rollNow();
        await writer.maintain({ before: Number.POSITIVE_INFINITY });
        await writer.close();
        const expected = live.digest('hex');
        console.log(venue, events, 'events', Object.fromEntries(perStream), expected);
        expect(events).toBeGreaterThan(1000);

        const recording = await Recording.open(store);
        const times = new Set<string>();
        for (let run = 0; run < 2; run++) expect(await throughTheWire(venue, file, recording)).toBe(expected);
        for (let run = 0; run < 8; run++) {
          const replayed = createHash('sha256');
          for await (const event of recording.events({ order: 'arrival' })) replayed.update(`${eventToJson(event)}\n`);
          expect(replayed.digest('hex')).toBe(expected);
          const byTime = createHash('sha256');
          if (run > 2) continue;
          for await (const event of recording.events()) byTime.update(`${eventToJson(event)}\n`);
          times.add(byTime.digest('hex'));
        }
        expect(times.size).toBe(1);
        // Storage is sound; the capture's own holes in sequence (REST snapshots between, a cut recording) are the venue's.
        const report = await verify(store);
        expect(report.problems.filter(({ kind }) => kind !== 'unlisted-gap')).toEqual([]);

        const [symbol] = recording
          .streams()
          .filter(({ dataset }) => dataset === 'depth')
          .sort((a, b) => b.rows - a.rows)
          .map((stream) => stream.symbol);
        if (symbol === null || symbol === undefined) return;
        const source = await recording.depthSource(venue, symbol);
        const book = new OrderBook();
        const full: { time: number; state: string }[] = [];
        for (let more = await source.open(); more; more = await source.advance()) {
          const event = source.event()!;
          if (event.type === 'depth') book.applyDepth(event);
          full.push({ time: source.time, state: state(book) });
        }
        const seed = seedOf();
        console.log(`SPEED_SEED=${seed}`);
        const random = randomFrom(seed);
        // SPEED_MOMENTS=1000 is the long form.
        const MOMENTS = Number(process.env['SPEED_MOMENTS'] ?? 20);
        for (let k = 0; k < MOMENTS; k++) {
          const { time } = full[Math.floor(random() * full.length)]!;
          expect(state(await recording.bookAt(venue, symbol, time))).toBe(full.findLast((step) => step.time <= time)!.state);
        }
      },
    );
  },
);
