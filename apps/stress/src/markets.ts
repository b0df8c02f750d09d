import type { SpeedClient } from '@speed-protocol/client';
import { type Decimal, decimalPlaces, fromScaled, type Instrument, nearest, SpeedError, toScaled } from '@speed-protocol/core';
import type { AccountView, BookResult } from '@speed-protocol/protocol';
import type { Market, StressOptions } from './types.js';

/** Orders are worth this many times the least that the venue takes: prices move before they arrive. */
const ABOVE_LEAST = 1.5;
/** Least value of an order on instruments that name none, in quote. */
const LEAST_VALUE = 10;
/** How far from the market resting orders are, as a fraction of the price. */
const AWAY = 0.01;

/**
 * What each account of the run trades.
 * @throws SpeedError `not-found` when no account fits; `config` when only accounts with real money do; as the server
 *   answers when an account or a book cannot be opened
 */
export async function chooseMarkets(client: SpeedClient, options: StressOptions): Promise<Market[]> {
  const accounts = chooseAccounts(await client.accounts(), options);
  const venues = [...new Set(accounts.map(({ venue }) => venue))];
  const wishes = await Promise.all(venues.map(async (venue) => [venue, await wishOf(client, venue, options)] as const));
  // Asking for balances waits until the account is open.
  await Promise.all(accounts.map(({ account }) => client.account(account).balances()));
  const byVenue = new Map(wishes);
  return accounts.map(({ account, venue }) => ({ account, venue, ...byVenue.get(venue)! }));
}

function chooseAccounts(all: readonly AccountView[], { venues, accounts, allowLive }: StressOptions): AccountView[] {
  refuseUnknown('venue', venues, new Set(all.map(({ venue }) => venue)));
  refuseUnknown('account', accounts, new Set(all.map(({ account }) => account)));
  const fitting = all.filter(
    ({ account, venue, mayTrade }) => mayTrade && (venues?.includes(venue) ?? true) && (accounts?.includes(account) ?? true),
  );
  const played = allowLive ? fitting : fitting.filter(({ environment }) => environment !== 'live');
  if (played.length > 0) return played;
  if (fitting.length === 0) throw new SpeedError('not-found', 'The server has no account that this user may trade with');
  const names = fitting.map(({ account }) => account).join(', ');
  throw new SpeedError('config', `${names}: real money; a stress run takes live accounts only when it is told to (--live)`);
}

function refuseUnknown(what: string, wished: readonly string[] | undefined, known: ReadonlySet<string>): void {
  const unknown = wished?.find((each) => !known.has(each));
  if (unknown === undefined) return;
  const near = nearest(unknown, known);
  const there = [...known].join(', ') || 'none';
  throw new SpeedError(
    'not-found',
    `The server has no account ${what === 'venue' ? 'of' : 'named'} "${unknown}"${near ? `; did you mean "${near}"?` : ''} (${what}s: ${there})`,
  );
}

async function wishOf(client: SpeedClient, venue: string, { symbol: wished }: StressOptions) {
  const { instruments } = await client.call('instruments', { venue, ...(wished ? { symbol: wished } : { status: 'open' }) });
  const instrument = [...instruments].sort(byFame)[0];
  if (!instrument) throw new SpeedError('not-found', `${venue} has no ${wished ?? 'open instrument'}`, { venue });
  const { symbol } = instrument;
  return { symbol, ...termsOf(instrument, await client.call('book', { venue, symbol, levels: 1 })) };
}

const FAME: readonly ((instrument: Instrument) => number)[] = [
  ({ base }) => place(['BTC', 'ETH'], base),
  ({ kind }) => place(['perpetual', 'spot'], kind),
  ({ quote }) => place(['USDT', 'USD', 'USDC'], quote),
];
const place = (order: readonly string[], value: string) => (order.includes(value) ? order.indexOf(value) : order.length);

/** Best known first: the most liquid market disturbs the run least. */
export function byFame(a: Instrument, b: Instrument): number {
  for (const rank of FAME) {
    const order = rank(a) - rank(b);
    if (order !== 0) return order;
  }
  return a.symbol < b.symbol ? -1 : 1;
}

/** Smallest legal amount, and prices that rest, at the prices of now. */
export function termsOf(instrument: Instrument, { bids, asks }: Pick<BookResult, 'bids' | 'asks'>) {
  const { venue, symbol, tickSize } = instrument;
  const [bid, ask] = [bids[0]?.[0], asks[0]?.[0]];
  if (bid === undefined || ask === undefined) throw new SpeedError('unavailable', `The book of ${symbol} is empty`, { venue });
  const restingBuy = onGrid(bid * (1 - AWAY), tickSize, Math.floor);
  const amount = leastAmount(instrument, Number(restingBuy));
  return { amount, restingBuy, restingSell: onGrid(ask * (1 + AWAY), tickSize, Math.ceil) };
}

function leastAmount({ minNotional, minAmount, lotSize, contractSize, inverse }: Instrument, price: number): Decimal {
  const value = ABOVE_LEAST * Number(minNotional ?? LEAST_VALUE);
  const contracts = inverse ? value / Number(contractSize) : value / price / Number(contractSize);
  return onGrid(Math.max(contracts, Number(minAmount ?? 0), Number(lotSize)), lotSize, Math.ceil);
}

/** Floating-point dust of a value that is on the grid. */
const DUST = 1e-9;

function onGrid(value: number, step: Decimal, round: (steps: number) => number): Decimal {
  const steps = value / Number(step);
  const scale = decimalPlaces(step);
  const whole = Math.abs(steps - Math.round(steps)) < DUST * steps ? Math.round(steps) : round(steps);
  return fromScaled(BigInt(whole) * toScaled(step, scale), scale);
}
