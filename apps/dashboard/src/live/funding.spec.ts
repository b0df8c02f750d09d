import type { FundingMessage } from '@speed-protocol/protocol';
import { describe, expect, it } from 'vitest';
import { type FundingRow, fundingRow, sortFunding } from './funding.js';

const REF = { venue: 'v', symbol: 'BTC/USDT:USDT' };
const message = (rate: number | null, intervalHours: number | null): FundingMessage => ({
  type: 'funding',
  ...REF,
  venueSymbol: 'BTCUSDT',
  venueTime: 1,
  receivedAt: 2,
  channel: '',
  rate,
  predictedRate: null,
  nextFundingTime: 5,
  intervalHours,
  markPrice: 3,
  indexPrice: 4,
});

describe('fundingRow', () => {
  it('has the yearly rate of the real interval, and none when the interval is unknown', () => {
    expect(fundingRow(REF, message(0.0001, 4)).apr).toBeCloseTo(0.219, 12);
    expect(fundingRow(REF, message(0.0001, null))).toMatchObject({ rate: 0.0001, apr: null, nextFundingTime: 5 });
  });

  it('knows nothing before the first message', () => {
    const { venue, symbol, ...rest } = fundingRow(REF, null);
    expect({ venue, symbol }).toEqual(REF);
    expect(Object.values(rest).every((value) => value === null)).toBe(true);
  });
});

describe('sortFunding', () => {
  const row = (symbol: string, rate: number | null): FundingRow => ({ ...fundingRow({ venue: 'v', symbol }, null), rate });
  const rows = [row('B', 2), row('A', null), row('C', -1), row('D', 2)];

  it('orders by a column and leaves the unknown last in both directions', () => {
    expect(sortFunding(rows, 'rate', true).map(({ symbol }) => symbol)).toEqual(['B', 'D', 'C', 'A']);
    expect(sortFunding(rows, 'rate', false).map(({ symbol }) => symbol)).toEqual(['C', 'B', 'D', 'A']);
  });
});
