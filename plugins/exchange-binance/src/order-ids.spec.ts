import { OrderIdMint } from '@speed-protocol/wire';
import { describe, expect, it } from 'vitest';
import { parseConfig, VENUE_IDS, type VenueId } from './config.js';
import { ORDER_IDS } from './order-ids.js';

const { orderIdPrefix: ORDER_ID_PREFIX } = parseConfig({});
const orderIdMint = (venue: VenueId, prefix: string) => new OrderIdMint({ ...ORDER_IDS[venue], prefix });

describe('order ids', () => {
  it.each(VENUE_IDS)('%s: an id made of prefix and alphabet is one that the venue takes, up to its length', (venue) => {
    const { alphabet, maxLength, pattern } = ORDER_IDS[venue];
    const id = ORDER_ID_PREFIX + alphabet.repeat(2);
    expect(id.slice(0, maxLength)).toMatch(pattern);
    expect(id.slice(0, maxLength + 1)).not.toMatch(pattern);
    expect('').not.toMatch(pattern);
  });

  it.each(VENUE_IDS)('%s: mints what it takes, never twice, and knows its own', (venue) => {
    const mint = orderIdMint(venue, ORDER_ID_PREFIX);
    const ids = Array.from({ length: 2_000 }, () => mint.next());
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(ORDER_IDS[venue].pattern);
    expect(orderIdMint(venue, ORDER_ID_PREFIX).owns(ids[0]!)).toBe(true);
    expect(orderIdMint(venue, 'other-').owns(ids[0]!)).toBe(false);
    expect(mint.owns('web_123')).toBe(false);
    expect(() => orderIdMint(venue, 'x'.repeat(30))).toThrow(RangeError);
  });

  it('spot knows fewer characters than futures', () => {
    expect('a.b:c/d').not.toMatch(ORDER_IDS.binance.pattern);
    expect('a.b:c/d').toMatch(ORDER_IDS.binanceusdm.pattern);
  });
});
