import { describe, expect, it } from 'vitest';
import { inverseListing, linearListing, quarterDeliveries, spotListing } from './listing.js';

describe('quarterDeliveries', () => {
  it.each([
    ['2026-11-20', '2026-12-25', '2027-03-26'],
    ['2026-12-24T07:00', '2026-12-25', '2027-03-26'],
    ['2026-12-24T09:00', '2027-03-26', '2027-06-25'],
    ['2027-01-01', '2027-03-26', '2027-06-25'],
    ['2027-12-31', '2028-03-31', '2028-06-30'],
  ])('on %s are %s and %s, Fridays at 08:00', (now, current, next) => {
    const deliveries = quarterDeliveries(Date.parse(`${now.length === 10 ? `${now}T00:00` : now}Z`));
    expect(deliveries.map((time) => new Date(time).toISOString())).toEqual([`${current}T08:00:00.000Z`, `${next}T08:00:00.000Z`]);
    expect(deliveries.map((time) => new Date(time).getUTCDay())).toEqual([5, 5]);
  });
});

it.each([
  ['spot', spotListing()],
  ['linear', linearListing(Date.UTC(2026, 10, 20))],
  ['inverse', inverseListing(Date.UTC(2026, 10, 20))],
])('%s: at least 20 listings, each id and symbol once, prices far above their tick', (_, listings) => {
  expect(listings.length).toBeGreaterThanOrEqual(20);
  expect(new Set(listings.map(({ symbol }) => symbol)).size).toBe(listings.length);
  expect(new Set(listings.map(({ venueSymbol }) => venueSymbol)).size).toBe(listings.length);
  for (const { price, tickSize } of listings) expect(price / Number(tickSize)).toBeGreaterThan(400);
});
