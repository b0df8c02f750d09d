import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Persister } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { arrowSchema } from '../../test/support/arrow-schema.js';
import { randomFrom, seedOf } from '../../test/support/random.js';
import { COMMON_SLOTS, SEQ } from '../datasets/columns.js';
import type { DatasetName } from '../datasets/dataset.js';
import type { Block } from '../datasets/stream.js';
import { DATASETS, rowWidth } from '../datasets/table.js';
import type { Slice } from '../rollover/runs.js';
import { ARROW_SCHEMAS } from './arrow-schemas.js';
import { RecordedFile, type StoredRows } from './reader.js';
import { ROW_GROUP } from './row-group.js';
import { writeParquet } from './writer.js';

const random = randomFrom(seedOf());
const int = (n: number) => Math.floor(random() * n);

/** Numbers that a writer may get wrong. */
const ODD = [0, -0, 1, -1, 2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 52, 2 ** 31, -(2 ** 31), 2 ** 24, 5e-324, Number.MAX_VALUE, 0.1];
const INTEGERS = ODD.filter((value) => Number.isSafeInteger(value) && !Object.is(value, -0));

interface Shape {
  readonly rows: number;
  /** Most levels per side. */
  readonly levels: number;
  /** A slot's value by the kind of its column. */
  readonly float: () => number;
  readonly integer: (row: number) => number;
}

function blockOf(dataset: DatasetName, { rows, levels, float, integer }: Shape): Block {
  const { columns, levels: levelShape } = DATASETS[dataset];
  const width = rowWidth(dataset);
  const slots = new Float64Array(rows * width);
  const [levelValues, text]: [number[], number[]] = [[], []];
  for (let row = 0, at = 0; row < rows; row++, at += width) {
    slots.set([row + 1, 1_767_225_600_000 + row / 8, random() < 0.1 ? Number.NaN : 1_767_225_600_000 + row, int(2)], at);
    for (const [i, column] of columns.entries()) {
      let value: number;
      if (column.kind === 'float') value = float();
      else if (column.kind === 'flag') value = int(2);
      else if (column.kind === 'choice') value = random() < 0.1 ? Number.NaN : int(column.values.length);
      else if (column.kind === 'text') {
        const bytes = random() < 0.1 ? undefined : Buffer.from(`${'é'.repeat(int(3))}${1000 + row}${'x'.repeat(int(3))}`);
        value = bytes?.length ?? -1;
        text.push(...(bytes ?? []));
      } else value = integer(row);
      slots[at + COMMON_SLOTS + i] = value;
    }
    if (levelShape === 'none') continue;
    for (const side of [2, 1]) {
      const count = int(levels + 1);
      slots[at + width - side] = count;
      for (let k = 0; k < 2 * count; k++) levelValues.push(float());
    }
  }
  const stream = { dataset, venue: 'binance', symbol: random() < 0.5 ? null : 'BTC/USDT', venueSymbol: 'BTCUSDT' };
  return { stream, prevSeq: 0, rows, slots, levels: Float64Array.from(levelValues), text: Uint8Array.from(text) };
}

/** In pieces, as roll-over and compaction bring them. */
function* slicesOf(block: Block): Generator<Slice> {
  const times = Float64Array.from({ length: block.rows }, (_, row) => 1_767_225_600_000 + row);
  for (let from = 0; from < block.rows; ) {
    const to = Math.min(block.rows, from + 1 + int(block.rows));
    yield { block, times, from, to };
    from = to;
  }
}

async function fileOf(block: Block): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeParquet(block.stream, slicesOf(block))) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function read(bytes: Buffer): Promise<StoredRows[]> {
  const store = { get: async (_: string, { start = 0, end = bytes.length } = {}) => bytes.subarray(start, end) };
  using file = await RecordedFile.open(store as unknown as Persister, 'file.parquet', bytes.length);
  const all: StoredRows[] = [];
  for await (const rows of file.rows()) all.push(rows);
  return all;
}

const joined = (rows: readonly StoredRows[], of: (block: Block) => Float64Array | Uint8Array) =>
  Buffer.concat(rows.map(({ block }) => Buffer.from(of(block).slice().buffer)));

/** Bit by bit: -0 is not 0, and every kind of null is one. */
async function expectSame(block: Block): Promise<void> {
  const rows = await read(await fileOf(block));
  const slots = Float64Array.from(block.slots, (value) => (Number.isNaN(value) ? Number.NaN : value));
  expect(rows.reduce((sum, each) => sum + each.block.rows, 0)).toBe(block.rows);
  expect(joined(rows, (each) => each.slots).equals(Buffer.from(slots.buffer))).toBe(true);
  expect(joined(rows, (each) => each.levels).equals(Buffer.from(block.levels.buffer))).toBe(true);
  expect(joined(rows, (each) => each.text).equals(Buffer.from(block.text.buffer))).toBe(true);
}

const float = () => (random() < 0.1 ? ODD[int(ODD.length)]! : Math.round(random() * 1e4) / 100);

describe('a file of the writer, read by another library', () => {
  console.log(`SPEED_SEED=${seedOf()}`);

  it.each(Object.keys(DATASETS) as DatasetName[])('has every bit of %s', async (dataset) => {
    for (const rows of [1, 9, 130, 1 + int(1500)]) {
      await expectSame(blockOf(dataset, { rows, levels: int(8), float, integer: (row) => (row % 10 === 0 ? Number.NaN : row) }));
      await expectSame(
        blockOf(dataset, { rows, levels: int(40), float: random, integer: () => INTEGERS[int(INTEGERS.length)]! }),
      );
    }
  });

  it.each([
    ['events that straddle row groups', 'depth', 20, 1.5 * (ROW_GROUP / 20)],
    ['books so deep that a row group has few', 'orderbooks', 2000, 580],
    ['more rows than a row group', 'quotes', 0, ROW_GROUP + 1],
  ] as const)('has every bit of %s', async (_, dataset, levels, rows) => {
    const integer = (row: number) => 1e15 + row * 7;
    await expectSame(
      blockOf(dataset, { rows: Math.floor(rows), levels, integer, float: () => Math.floor(5000 * random() ** 3) }),
    );
  });

  it.each(Object.keys(DATASETS) as DatasetName[])('carries the schema of %s in Arrow’s words', (dataset) => {
    expect(ARROW_SCHEMAS[dataset]).toBe(arrowSchema(dataset));
  });

  it('tells DuckDB the same sums and the true extremes', async () => {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const folder = await mkdtemp(path.join(tmpdir(), 'speed-parquet-'));
    try {
      const block = blockOf('trades', { rows: 5000, levels: 0, float: () => int(1000) - 500, integer: (row) => row });
      const file = path.join(folder, 'trades.parquet');
      await writeFile(file, await fileOf(block));
      const connection = await (await DuckDBInstance.create()).connect();
      const ask = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();
      const width = rowWidth('trades');
      const column = (at: number) => Array.from({ length: block.rows }, (_, row) => block.slots[row * width + at]!);
      const [prices, seqs] = [column(COMMON_SLOTS + 1), column(SEQ)];
      const sum = prices.reduce((total, price) => total + price, 0);
      expect(await ask(`SELECT sum(price), sum(seq)::INT, count(id) FROM '${file}'`)).toEqual([
        [sum, seqs.reduce((total, seq) => total + seq, 0), `${column(COMMON_SLOTS).filter((length) => length >= 0).length}`],
      ]);
      const extremes = await ask(
        `SELECT stats_min_value, stats_max_value FROM parquet_metadata('${file}') WHERE path_in_schema = 'price'`,
      );
      expect(extremes.flat().map(Number)).toEqual([Math.min(...prices), Math.max(...prices)]);
      connection.closeSync();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
