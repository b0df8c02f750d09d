import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StreamClient } from '../../test/stream-client.js';
import dialect from './index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speed-replay-'));
});
afterAll(() => rm(folder, { recursive: true }));

const VENUES = [
  { venue: 'binance', symbol: 'BTCUSDT', rest: '/api/v3/depth?symbol=BTCUSDT&limit=1000' },
  { venue: 'binanceusdm', symbol: 'BTCUSDT', rest: '/fapi/v1/depth?symbol=BTCUSDT&limit=1000' },
  { venue: 'binancecoinm', symbol: 'BTCUSD_PERP', rest: '/dapi/v1/depth?symbol=BTCUSD_PERP&limit=1000' },
] as const;

interface Line {
  readonly venue: string;
  readonly transport: string;
  readonly url: string;
  readonly dir: string;
  readonly ts: number;
  readonly raw: string;
}

/** Streams a minute of a simulated market as a capture would hold it. */
async function capture(sim: RunningSimulator, { venue, symbol, rest }: (typeof VENUES)[number]): Promise<Line[]> {
  const ready = sim.ready.venues[venue]!;
  const name = symbol.toLowerCase();
  const client = await StreamClient.open(`${ready.ws.public}/stream?streams=${name}@depth@100ms/${name}@trade`);
  const lines: Line[] = [];
  const note = (transport: string, url: string, raw: string) =>
    lines.push({ venue, transport, url, dir: 'in', ts: sim.clock.now(), raw });
  for (let i = 0; i < 240; i++) {
    // Each step costs a ping, and spot hears five messages a second.
    sim.clock.advance(250);
    await client.settle();
    for (const raw of client.texts.splice(0)) note('ws', `${ready.ws.public}/stream`, raw);
    if (i === 5) note('rest', ready.rest['public'] + rest, await (await fetch(ready.rest['public'] + rest)).text());
  }
  client.close();
  return lines;
}

/** Update id of a depth message or snapshot, else 0. */
function sequenceOf({ raw }: Line): number {
  const { lastUpdateId, data } = JSON.parse(raw) as { lastUpdateId?: number; data?: { e: string; u?: number } };
  return lastUpdateId ?? (data?.e === 'depthUpdate' ? data.u! : 0);
}

async function save(name: string, lines: readonly unknown[]): Promise<string> {
  const file = join(folder, name);
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  await writeFile(file, name.endsWith('.gz') ? gzipSync(text) : text);
  return file;
}

describe('replay', () => {
  it.each(VENUES)('$venue: the captured book at every message, the captured trades', async (row) => {
    const { venue, symbol } = row;
    await using original = await startSimulator({ dialects: [dialect], venues: [venue], seed: 9, clock: 'virtual' });
    const lines = await capture(original, row);
    const file = await save(`${venue}.jsonl.gz`, lines);
    await using replayed = await startSimulator({
      dialects: [dialect],
      venues: [venue],
      seed: 1,
      clock: 'virtual',
      replay: [file],
    });
    const begun = replayed.clock.now();
    const market = replayed.oracle.market(venue, symbol);
    const snapshot = sequenceOf(lines.find(({ transport }) => transport === 'rest')!);
    const latest = new Map(lines.map((line) => [line.ts, sequenceOf(line)] as const).filter(([, sequence]) => sequence > 0));
    const wrong: number[] = [];
    let compared = 0;
    for (const [ts, sequence] of latest) {
      replayed.clock.advanceTo(begun + ts - lines[0]!.ts);
      if (sequence <= snapshot) continue;
      const truth = original.oracle.book(venue, symbol, sequence);
      const book = replayed.oracle.book(venue, symbol);
      if (JSON.stringify([book.bids, book.asks]) !== JSON.stringify([truth.bids, truth.asks])) wrong.push(sequence);
      compared++;
    }
    replayed.clock.advanceTo(begun + lines.at(-1)!.ts - lines[0]!.ts);
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(100);
    const trades = lines.filter(({ raw }) => raw.includes('"e":"trade"'));
    expect(trades.length).toBeGreaterThan(5);
    expect(market.tape.trades).toHaveLength(trades.length);
    expect(replayed.replayProgress()).toMatchObject({ events: lines.length, played: lines.length, unlisted: {} });
    expect(replayed.ready.venues[venue]!.symbols).toEqual([market.listing.symbol]);
  });

  it('captured levels are liquidity that others trade with', async () => {
    const levels = { bids: [['100.00', '2']], asks: [['101.00', '3']] };
    const line = { venue: 'binance', transport: 'rest', url: 'http://x/depth?symbol=BTCUSDT', dir: 'in', ts: 0 };
    const file = await save('one.jsonl', [{ ...line, raw: JSON.stringify({ lastUpdateId: 1, ...levels }) }]);
    await using sim = await startSimulator({ dialects: [dialect], venues: ['binance'], clock: 'virtual', replay: [file] });
    sim.clock.advance(1);
    const market = sim.oracle.market('binance', 'BTCUSDT');
    expect(market.submit({ owner: 'me', side: 'buy', price: 10_100, size: 100_000 })).toMatchObject({ status: 'filled' });
    expect(sim.oracle.book('binance', 'BTCUSDT')).toMatchObject({ bids: [[100, 2]], asks: [[101, 2]] });
  });

  it.each([
    ['nothing.jsonl', undefined, /nothing\.jsonl.*ENOENT/],
    ['broken.jsonl', ['{"venue":"binance"'], /broken\.jsonl, line 1/],
    ['empty.jsonl', [], /no book or trade frames/],
    [
      'unlisted.jsonl',
      [
        {
          venue: 'binance',
          transport: 'ws',
          url: null,
          dir: 'in',
          ts: 1,
          raw: '{"e":"depthUpdate","s":"NOPE","u":1,"b":[],"a":[]}',
        },
      ],
      /moves no listed market; it has binance NOPE/,
    ],
  ])('%s is refused with a reason', async (name, lines, reason) => {
    const file = lines === undefined ? join(folder, name) : await save(name, lines);
    if (name === 'broken.jsonl') await writeFile(file, '{"venue":"binance"');
    await expect(startSimulator({ dialects: [dialect], clock: 'virtual', replay: [file] })).rejects.toThrow(reason);
  });
});
