import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { eventToJson, keepEvent, type SpeedEvent } from '@speed-protocol/core';
import { openRecordedVenues, type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import okx from '../src/index.js';
import dialect from '../src/sim/index.js';

const SEED = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);
const SWAP = 'BTC-USDT-SWAP';
const INST = { instId: SWAP };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speed-replay-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A plain WebSocket: what it hears, in order. */
class Client {
  readonly texts: string[] = [];
  #wake = () => {};

  private constructor(
    readonly url: string,
    readonly socket: WebSocket,
  ) {
    socket.on('message', (data) => {
      this.texts.push(String(data));
      this.#wake();
    });
  }

  static async open(url: string, args: readonly object[]): Promise<Client> {
    const client = new Client(url, new WebSocket(url));
    await once(client.socket, 'open');
    client.socket.send(JSON.stringify({ op: 'subscribe', args }));
    await client.until(() => client.texts.length >= args.length);
    return client;
  }

  /** Resolves when everything sent so far has been answered. */
  async settle(): Promise<void> {
    const pong = once(this.socket, 'pong');
    this.socket.ping();
    await pong;
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

interface Line {
  readonly venue: 'okx';
  readonly transport: 'ws' | 'rest';
  readonly url: string;
  readonly dir: 'in';
  readonly ts: number;
  readonly raw: string;
}

const CHANNELS = {
  public: ['books', 'books5', 'bbo-tbt', 'tickers', 'funding-rate', 'mark-price', 'open-interest'].map((channel) => ({
    channel,
    ...INST,
  })),
  market: ['trades-all', 'candle1m'].map((channel) => ({ channel, ...INST })),
};

/** What both doors say in a while of a simulated market, as a capture would hold it. */
async function capture(sim: RunningSimulator, steps: number, doors: Partial<typeof CHANNELS> = CHANNELS): Promise<Line[]> {
  const { ws } = sim.ready.venues['okx']!;
  const clients = await Promise.all(
    Object.entries(doors).map(([door, args]) => Client.open(ws[door as 'public' | 'market'] as string, args)),
  );
  const lines: Line[] = [];
  for (let i = 0; i < steps; i++) {
    sim.clock.advance(250);
    for (const { socket } of clients) if (i % 40 === 0) socket.send('ping');
    for (const client of clients) {
      await client.settle();
      const heard = client.texts.splice(0).filter((raw) => raw.startsWith('{'));
      for (const raw of heard)
        lines.push({ venue: 'okx', transport: 'ws', url: client.url, dir: 'in', ts: sim.clock.now(), raw });
    }
  }
  for (const { socket } of clients) socket.terminate();
  return lines;
}

const options = { dialects: [dialect], venues: ['okx'], clock: 'virtual', symbols: 1 } as const;

it(`a capture drives the book: the captured one at every message, and the captured trades; seed ${SEED} (SPEED_SEED)`, async () => {
  await using original = await startSimulator({ ...options, seed: SEED });
  const doors = { public: [{ channel: 'books', ...INST }], market: [{ channel: 'trades-all', ...INST }] };
  const lines = await capture(original, 240, doors);
  const file = join(folder, 'okx.jsonl.gz');
  await writeFile(file, gzipSync(lines.map((line) => JSON.stringify(line)).join('\n')));
  await using replayed = await startSimulator({ ...options, seed: 1, replay: [file] });
  const begun = replayed.clock.now();
  const frames = lines.map((line) => ({
    line,
    message: JSON.parse(line.raw) as { arg?: { channel: string }; data?: unknown[] },
  }));
  const books = frames.filter(({ message }) => message.arg?.channel === 'books' && message.data);
  const latest = new Map(books.map(({ line, message }) => [line.ts, (message.data as [{ seqId: number }])[0].seqId]));
  const first = frames.find(({ message }) => message.data)!.line.ts;
  const wrong: number[] = [];
  for (const [ts, sequence] of latest) {
    replayed.clock.advanceTo(begun + ts - first);
    const [truth, book] = [original.oracle.book('okx', SWAP, sequence), replayed.oracle.book('okx', SWAP)];
    if (JSON.stringify([book.bids, book.asks]) !== JSON.stringify([truth.bids, truth.asks])) wrong.push(sequence);
  }
  expect(wrong).toEqual([]);
  expect(latest.size).toBeGreaterThan(100);
  const trades = frames.filter(({ message }) => message.arg?.channel === 'trades-all' && message.data);
  expect(trades.length).toBeGreaterThan(5);
  expect(replayed.oracle.market('okx', SWAP).tape.trades).toHaveLength(trades.length);
  expect(replayed.replayProgress()).toMatchObject({ unlisted: {}, markets: { [`okx ${SWAP}`]: { offGrid: 0 } } });
});

/** Events of frames, and the frames that brought them. */
async function normalized(listing: Line, lines: readonly Line[]): Promise<readonly SpeedEvent[]> {
  const normalizer = okx.createNormalizer('okx');
  expect(normalizer.normalize(listing).outcome).toBe('instruments');
  return lines.flatMap((line) => {
    const result = normalizer.normalize(line);
    return result.outcome === 'events' ? result.events.map(keepEvent) : [];
  });
}

it(`a recording plays through the venue's wire: what a plain client hears means what was recorded; seed ${SEED}`, async () => {
  await using original = await startSimulator({ ...options, seed: SEED });
  const lines = await capture(original, 40);
  const at = `${original.ready.venues['okx']!.rest['public']}/api/v5/public/instruments?instType=SWAP`;
  const listing: Line = { ...lines[0]!, transport: 'rest', url: at, raw: await (await fetch(at)).text() };
  const recorded = await normalized(listing, lines);
  const kinds = new Set(recorded.map(({ type }) => type));
  expect([...kinds].toSorted()).toEqual(['candle', 'depth', 'funding', 'openInterest', 'quote', 'ticker', 'trade']);

  await using wire = await openRecordedVenues({ dialects: [dialect], venues: ['okx'], limits: { weightFactor: Infinity } });
  const { ws, rest } = wire.venues['okx']!;
  // The five best are whole books of their own and no recording keeps them apart: they are made of the full one.
  const doors = { public: CHANNELS.public.filter(({ channel }) => channel !== 'books5'), market: CHANNELS.market };
  const open = Object.entries(doors).map(([door, args]) => Client.open(ws[door as 'public' | 'market'] as string, args));
  const clients = await Promise.all(open);
  for (const { texts } of clients) texts.splice(0);
  const heard: Line[] = [];
  const books5 = lines.filter(({ raw }) => raw.includes('"channel":"books5"') && raw.includes('"data"'));
  const five = new Set((await normalized(listing, books5)).map((event) => eventToJson(event)));
  const played = recorded.filter((event) => !five.has(eventToJson(event)));
  for (const event of played) {
    expect(wire.play(event)).toBe(1);
    await Promise.race(clients.map((client) => client.until(() => client.texts.length > 0)));
    for (const { url, texts } of clients) for (const raw of texts.splice(0)) heard.push({ ...lines[0]!, url, raw });
  }
  const plain = (events: readonly SpeedEvent[]) => events.map((event) => eventToJson({ ...event, receivedAt: 0 }));
  expect(plain(await normalized(listing, heard))).toEqual(plain(played));

  const late = await Client.open(ws.public, [{ channel: 'books', ...INST }]);
  await late.until(() => late.texts.length === 2);
  const [book] = (JSON.parse(late.texts[1] as string) as { data: { seqId: number; bids: string[][] }[] }).data;
  const truth = original.oracle.book('okx', SWAP, book!.seqId);
  expect(book!.bids.map(([price, size]) => [Number(price), Number(size)])).toEqual(truth.bids);
  const asked = await fetch(`${rest['public']}/api/v5/market/books?instId=${SWAP}&sz=400`);
  expect(((await asked.json()) as { data: unknown[] }).data).toMatchObject([{ seqId: book!.seqId }]);
  for (const { socket } of [...clients, late]) socket.terminate();
});
