import type { FillQuery } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { orderNames } from './order-names.js';
import { fillsFromNewest, type Page, pagesOfEach, readPages } from './pages.js';

/** Fills 9 to 0, newest first, three a page; the last row of a page begins the next one. */
async function pageOf(cursor = 9): Promise<Page<number, number>> {
  const rows = [cursor, cursor - 1, cursor - 2].filter((row) => row >= 0);
  return { rows, next: rows.length < 3 ? undefined : rows[2] };
}

describe('fills from a venue that tells the newest first', () => {
  it.each<[string, FillQuery, readonly number[], number]>([
    ['all of them, each once', {}, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 5],
    ['the newest, by as few pages as it takes', { limit: 2 }, [8, 9], 1],
    ['from an id on', { fromId: '6' }, [6, 7, 8, 9], 2],
    ['the first ones from an id on', { fromId: '6', limit: 2 }, [6, 7], 2],
  ])('are %s', async (_, query, found, pages) => {
    let asked = 0;
    const page = (cursor: number | undefined) => {
      asked++;
      return pageOf(cursor);
    };
    const isOlder = (row: number) => query.fromId !== undefined && row < Number(query.fromId);
    expect(await fillsFromNewest(page, query, { isOlder, keyOf: String })).toEqual(found);
    const isFirst = (row: number) => String(row) === query.fromId;
    expect(await fillsFromNewest(page, query, { isFirst, keyOf: String })).toEqual(found);
    expect(asked).toBeLessThanOrEqual(2 * pages);
  });
});

it('pages of several questions are read one question after another', async () => {
  const asked: string[] = [];
  const page = pagesOfEach(['a', 'b', 'c'], async (question, cursor: number | undefined): Promise<Page<string, number>> => {
    asked.push(`${question}${cursor ?? ''}`);
    return { rows: [`${question}${cursor ?? 0}`], next: question === 'b' && cursor === undefined ? 1 : undefined };
  });
  expect(await readPages(page)).toEqual(['a0', 'b0', 'b1', 'c0']);
  expect(asked).toEqual(['a', 'b', 'b1', 'c']);
});

it('an order is named by one id, the client order id first', () => {
  const namesOf = orderNames({ client: 'cid', venue: 'oid' });
  const symbol = 'A/B';
  expect(namesOf({ symbol, clientOrderId: 'c', venueOrderId: 'v' })).toEqual({ cid: 'c' });
  expect(namesOf({ symbol, venueOrderId: 'v' })).toEqual({ oid: 'v' });
});
