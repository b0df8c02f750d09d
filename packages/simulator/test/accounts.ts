import { SpeedError, toScaled } from '@speed-protocol/core';
import type { Account, OrderRequest, UserOrder } from '../src/index.js';
import { Accounts, type AccountsOptions, type Listing } from '../src/index.js';
import { INVERSE, PERPETUAL, SPOT, testVenue } from './market.js';

export type Book = 'spot' | 'linear' | 'inverse';
export const LISTINGS: Readonly<Record<Book, Listing>> = {
  spot: { ...SPOT, minNotional: '5' },
  linear: PERPETUAL,
  inverse: INVERSE,
};
const DEPOSITS = { BTC: '100', USDT: '10000000' };

/** A venue whose only traders are the accounts `alice`, `bob` and `carol`. */
export function exchangeOf(book: Book, options: AccountsOptions & { readonly seed?: number; readonly flow?: boolean } = {}) {
  const listing = LISTINGS[book];
  const venue = testVenue({ listing: () => [listing] }, { seed: options.seed ?? 1 });
  const market = venue.market(listing.venueSymbol, { flow: options.flow ?? false })!;
  const accounts = new Accounts(venue, options);
  const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => accounts.open(name, DEPOSITS)) as [
    Account,
    Account,
    Account,
  ];
  const symbol = listing.venueSymbol;
  const limit = (side: 'buy' | 'sell', size: string, price: string, more: Partial<OrderRequest> = {}): OrderRequest => ({
    symbol,
    side,
    kind: 'limit',
    size,
    price,
    ...more,
  });
  const take = (side: 'buy' | 'sell', size: string, more: Partial<OrderRequest> = {}): OrderRequest => ({
    symbol,
    side,
    kind: 'market',
    size,
    ...more,
  });
  const placed = (account: Account, request: OrderRequest): UserOrder => {
    const answer = accounts.place(account, request);
    if (!answer.ok) throw new SpeedError('rejected', `refused: ${answer.reason}`);
    return answer.value;
  };
  return { venue, market, accounts, alice, bob, carol, everyone: [alice, bob, carol], symbol, limit, take, placed };
}

export type TestExchange = ReturnType<typeof exchangeOf>;

/** Money units of a decimal text. */
export function money(text: string): bigint {
  return toScaled(text as Parameters<typeof toScaled>[0], 8);
}
