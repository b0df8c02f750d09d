import { DuckDBInstance } from '@duckdb/node-api';
import { levelsFromPairs } from '@speed-protocol/core';
import { describe, expect, it, vi } from 'vitest';
import { query } from '../src/index.js';
import { eventOf, START } from './support/child.js';
import { useRecording } from './support/folders.js';

// Hundreds of small files with an fsync each: slow on a busy disk.
vi.setConfig({ testTimeout: 300_000 });

describe('SQL over a recording', () => {
  const { at, open } = useRecording();
  const rows = async (sql: string, options = {}) => {
    const found = [];
    for await (const row of query(at.store, sql, options)) found.push(row);
    return found;
  };

  const record = async () => {
    const { writer } = await open();
    for (let n = 0; n < 1200; n++) writer.push(eventOf(n < 600 ? 0 : 1, n % 600));
    for (let k = 0; k < 3; k++) {
      const side = levelsFromPairs(Array.from({ length: 10 }, (_, i) => [100 + i, k]));
      const head = {
        venue: 'binance',
        symbol: 'BTC/USDT',
        venueSymbol: 'BTCUSDT',
        venueTime: START + k * 100,
        receivedAt: START + k * 100,
      };
      writer.pushBook(head, { bids: side, asks: side, sequence: k });
    }
    await writer.close();
  };

  it('counts what was recorded, with the partitions as columns', async () => {
    await record();
    expect(
      await rows('SELECT count(*)::INT AS n, min(exchange) AS venue, count(DISTINCT pair)::INT AS pairs FROM trades'),
    ).toEqual([{ n: 600, venue: 'binance', pairs: 3 }]);
    expect(await rows("SELECT count(*)::INT AS n FROM depth WHERE side = 'bid' AND NOT is_snapshot")).toEqual([{ n: 594 }]);
    expect(await rows('SELECT id, price FROM trades ORDER BY seq LIMIT 2')).toEqual([
      { id: '0-0', price: 100 },
      { id: '0-2', price: 102 },
    ]);
    expect(await rows('SELECT count(*)::INT AS n FROM trades', { symbols: ['BTC/USDT'], until: START + 3_600_000 })).toEqual([
      { n: 100 },
    ]);
    expect(
      await rows('SELECT bids[1].price AS best, len(asks)::INT AS levels, "timestamp"::VARCHAR AS at FROM orderbooks LIMIT 1'),
    ).toEqual([{ best: 100, levels: 10, at: '2026-01-01 00:00:00+00' }]);
  });

  it('explains bad SQL in DuckDB’s words and names the datasets', async () => {
    await record();
    await expect(rows('SELECT * FROM tradez')).rejects.toThrow(/tradez.*\n*[\s\S]*Datasets with rows: orderbooks, depth, trades/);
  });

  it('plain read_parquet opens the files: the columns, their types, and nothing else in the way', async () => {
    await record();
    const connection = await (await DuckDBInstance.create()).connect();
    const types = async (dataset: string) => {
      const glob = `${at.data}/${dataset}/**/*.parquet`;
      const result = await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet('${glob}', hive_partitioning = true)`);
      return Object.fromEntries(result.getRowObjectsJson().map((row) => [row['column_name'], row['column_type']]));
    };
    expect(await types('orderbooks')).toEqual({
      timestamp: 'TIMESTAMP WITH TIME ZONE',
      exchange: 'VARCHAR',
      symbol: 'VARCHAR',
      bids: 'STRUCT(price DOUBLE, size DOUBLE)[]',
      asks: 'STRUCT(price DOUBLE, size DOUBLE)[]',
      sequence: 'BIGINT',
      seq: 'BIGINT',
      received_at: 'TIMESTAMP WITH TIME ZONE',
      venue_time: 'TIMESTAMP WITH TIME ZONE',
      recovered: 'BOOLEAN',
      date: 'DATE',
      pair: 'VARCHAR',
    });
    expect(await types('depth')).toMatchObject({
      is_snapshot: 'BOOLEAN',
      side: 'VARCHAR',
      price: 'DOUBLE',
      prev_sequence: 'BIGINT',
    });
    const meta = await connection.runAndReadAll(
      `SELECT DISTINCT compression, path_in_schema, stats_min IS NOT NULL AS stats FROM parquet_metadata('${at.data}/trades/**/*.parquet')`,
    );
    const columns = meta.getRowObjectsJson();
    expect(columns.every((column) => column['compression'] === 'ZSTD')).toBe(true);
    expect(columns.filter((column) => column['stats'] === true).map((column) => column['path_in_schema'])).toEqual(
      expect.arrayContaining(['timestamp', 'price', 'size', 'seq']),
    );
    connection.closeSync();
  });
});
