import { query } from '@speed-protocol/history';
import type { QueryOptions } from '../commands/query.js';
import { type Console, printJson, table, write } from '../console.js';
import { selectionOf, storeAt } from './store.js';

/** Rows of a table that are laid out together. */
const PAGE = 500;

/** Runs one statement and prints its rows. */
export async function runQuery(console: Console, sql: string, options: QueryOptions): Promise<void> {
  const selection = selectionOf(options);
  await using store = await storeAt(options.data, options.config);
  let header: readonly string[] = [];
  let page: string[][] = [];
  const flush = async () => {
    await write(console, table(header, page));
    page = [];
  };
  const onColumns = (names: readonly string[]) => {
    header = names;
  };
  for await (const row of query(store, sql, { ...selection, signal: console.signal, onColumns })) {
    if (options.json) await printJson(console, row);
    else if (page.push(header.map((name) => cell(row[name]))) >= PAGE) await flush();
  }
  if (!options.json && (page.length > 0 || header.length > 0)) await flush();
}

const cell = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : `${value}`;
