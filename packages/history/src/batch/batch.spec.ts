import { type DepthEvent, type Levels, NO_LEVELS, type TradeEvent } from '@speed-protocol/core';
import { expect, it } from 'vitest';
import { randomFrom, seedOf } from '../../test/support/random.js';
import { COMMON_SLOTS, RECEIVED_AT, SEQ } from '../datasets/columns.js';
import type { Block } from '../datasets/stream.js';
import { streamKey } from '../datasets/stream.js';
import { rowWidth } from '../datasets/table.js';
import { PendingStreams } from '../pending-streams.js';
import { ChunkPool } from './chunk.js';
import { PendingRows } from './pending-rows.js';
import { BatchSorter } from './sorter.js';

const random = randomFrom(seedOf());
const int = (n: number) => Math.floor(random() * n);

/** A few levels as a rule, now and then more than a chunk holds. */
const levels = (): Levels => {
  const count = random() < 0.001 ? 20_000 : int(30);
  return { values: Float64Array.from({ length: 2 * count + 6 }, random), start: 6, count };
};
const text = () => Array.from({ length: int(20) }, () => (random() < 0.1 ? '☃' : 'x')).join('');

const head = (symbol: number) => ({
  ...{ venue: 'binance', symbol: `S${symbol}/USDT`, venueSymbol: `S${symbol}USDT` },
  ...{ venueTime: int(1e9), receivedAt: int(1e9) },
});
const depth = (): DepthEvent => {
  const [bids, asks] = [levels(), random() < 0.2 ? NO_LEVELS : levels()];
  return { type: 'depth', kind: 'delta', ...head(int(3)), sequence: int(1e9), prevSequence: null, bids, asks };
};
const trade = (): TradeEvent => ({ type: 'trade', ...head(int(3)), id: text(), price: random(), size: random(), side: 'buy' });

/** What a row must come back as. */
interface Row {
  readonly seq: number;
  readonly event: DepthEvent | TradeEvent;
}

it('gives every row back once, by stream and in order, whatever its size; what is in flight stays as it is until it is acknowledged', () => {
  const streams = new PendingStreams(new Map());
  const pending = new PendingRows(new ChunkPool(4));
  const sorter = new BatchSorter();
  const lastSeq = new Map<string, number>();
  let seq = 0;
  let filling: Row[] = [];
  const write = (rows: number) => {
    for (let i = 0; i < rows; i++) {
      const event = random() < 0.7 ? depth() : trade();
      pending.write(streams.of(event.type === 'depth' ? 'depth' : 'trades', event), ++seq, event, event);
      filling.push({ seq, event });
    }
  };
  // The largest batch needs more chunks than are kept.
  for (const size of [1, 40, 0, 4000, ...Array.from({ length: 40 }, () => int(60)), 6_000, 3, 500]) {
    write(size);
    const flight = filling;
    filling = [];
    expect(pending.take()).toBe(flight.length > 0);
    if (flight.length === 0) continue;
    expect(pending).toMatchObject({ flightRows: flight.length, flightLastSeq: seq });
    const batch = { streams: streams.ids, chunks: pending.flight };
    expectRows(sorter.sort(batch), flight, lastSeq);
    // A batch that failed: rows go on coming, it goes again.
    write(int(50));
    expect(pending.take()).toBe(true);
    expectRows(sorter.sort({ streams: streams.ids, chunks: pending.flight }), flight, lastSeq);
    pending.acknowledge();
    expect(pending.rows).toBe(filling.length);
    expect(pending.bytes > 0).toBe(filling.length > 0);
    for (const { seq: last, event } of flight) lastSeq.set(keyOf(event), last);
  }
});

const keyOf = ({ type, venue, symbol, venueSymbol }: DepthEvent | TradeEvent) =>
  streamKey({ dataset: type === 'depth' ? 'depth' : 'trades', venue, symbol, venueSymbol });

function expectRows(blocks: readonly Block[], rows: readonly Row[], lastSeq: ReadonlyMap<string, number>): void {
  const byStream = new Map<string, Row[]>();
  for (const row of rows) byStream.set(keyOf(row.event), []);
  for (const row of rows) byStream.get(keyOf(row.event))!.push(row);
  expect(blocks.map(({ stream }) => streamKey(stream))).toEqual([...byStream.keys()]);
  for (const block of blocks) {
    const expected = byStream.get(streamKey(block.stream))!;
    expect(block.prevSeq).toBe(lastSeq.get(streamKey(block.stream)) ?? Number.NaN);
    expect(block.rows).toBe(expected.length);
    const width = rowWidth(block.stream.dataset);
    const column = (slot: number) => expected.map((_, row) => block.slots[row * width + slot]);
    expect(column(SEQ)).toEqual(expected.map(({ seq }) => seq));
    expect(column(RECEIVED_AT)).toEqual(expected.map(({ event }) => event.receivedAt));
    const events = expected.map(({ event }) => event);
    if (block.stream.dataset === 'depth') expectLevels(block, events as DepthEvent[], column);
    else expectTexts(block, events as TradeEvent[], column);
  }
}

type Column = (slot: number) => (number | undefined)[];

function expectLevels(block: Block, events: readonly DepthEvent[], column: Column): void {
  const width = rowWidth('depth');
  expect(column(COMMON_SLOTS + 1)).toEqual(events.map(({ sequence }) => sequence));
  expect(column(width - 2)).toEqual(events.map(({ bids }) => bids.count));
  expect(column(width - 1)).toEqual(events.map(({ asks }) => asks.count));
  const all = events.flatMap(({ bids, asks }) => [bids, asks]);
  const bytes = all.map(({ values, start, count }) => Buffer.from(values.slice(start, start + 2 * count).buffer));
  expect(Buffer.concat(bytes).equals(Buffer.from(block.levels.slice().buffer))).toBe(true);
}

function expectTexts(block: Block, events: readonly TradeEvent[], column: Column): void {
  expect(column(COMMON_SLOTS)).toEqual(events.map(({ id }) => Buffer.byteLength(id)));
  expect(column(COMMON_SLOTS + 1)).toEqual(events.map(({ price }) => price));
  expect(Buffer.from(block.text).toString()).toBe(events.map(({ id }) => id).join(''));
}
