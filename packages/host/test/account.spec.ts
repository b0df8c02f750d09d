import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decimal, SpeedError } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountEvent, openTradingAccount, type TradingAccount, type TradingAccountOptions } from '../src/index.js';
import { SWAP, TestConnector } from './support/test-connector.js';
import { fromLots, TestVenue } from './support/venue.js';
import { VirtualClock } from './support/virtual-clock.js';

let journalDir: string;
let clock: VirtualClock;
let venue: TestVenue;
let connector: TestConnector;
let account: TradingAccount;

beforeEach(async () => {
  journalDir = await mkdtemp(path.join(tmpdir(), 'speed-account-'));
  clock = new VirtualClock();
  venue = new TestVenue(clock, () => 0.5);
  connector = new TestConnector(venue);
});
afterEach(async () => {
  await clock.until(account[Symbol.asyncDispose]());
  await rm(journalDir, { recursive: true, force: true });
});

async function open(more: Partial<TradingAccountOptions> = {}): Promise<TradingAccount> {
  const base = { id: 'main', venue: 'test', environment: 'sim', connector: connector.connector, journalDir, clock };
  account = await clock.until(openTradingAccount({ ...base, ...more }));
  return account;
}

const limit = (lots: number, side: 'buy' | 'sell' = 'buy') =>
  ({ symbol: SWAP, side, type: 'limit', amount: fromLots(lots), price: decimal('100') }) as const;
const market = (lots: number, side: 'buy' | 'sell' = 'buy') =>
  ({ symbol: SWAP, side, type: 'market', amount: fromLots(lots) }) as const;

describe('trading account', () => {
  it('places, tells what happens in order, and finds its orders again after a restart', async () => {
    await open();
    const events: AccountEvent[] = [];
    account.on((event) => events.push(event));
    const { clientOrderId } = await clock.until(account.place(limit(5)));
    venue.fill(clientOrderId, 5);
    await clock.pass(1000);
    expect(account.order(clientOrderId)).toMatchObject({ status: 'FILLED', filled: '0.005' });
    expect(events.map((each) => (each.type === 'order' ? each.order.status : each.type))).toEqual(
      expect.arrayContaining(['PENDING', 'OPEN', 'fill', 'FILLED']),
    );
    expect(events[0]).toMatchObject({ accountId: 'main', venue: 'test', type: 'order' });
    await clock.until(account[Symbol.asyncDispose]());
    await open();
    expect(account.orders({ open: false }).map((each) => each.clientOrderId)).toEqual([clientOrderId]);
    expect(account.orders({ open: true })).toEqual([]);
    expect(account.fills(clientOrderId)).toHaveLength(1);
  });

  it('keeps a journal of its own per environment and account', async () => {
    await open({ id: '../main', environment: 'sim' });
    expect(await readdir(path.join(journalDir, 'sim', 'test'))).toEqual(['%2E%2E%2Fmain']);
  });

  it('refuses what breaks a limit, by the position and the price of now', async () => {
    const limits = { maxPosition: decimal('0.02'), maxOrderValue: decimal('1.5'), priceBand: decimal('0.1') };
    await open({ limits });
    const waiting = account.place(market(10));
    await clock.pass(100);
    connector.setMark('100');
    await clock.until(waiting);
    await clock.pass(500);
    await expect(account.place(market(16))).rejects.toThrow('nearest legal: 0.01');
    await expect(account.place({ ...limit(1), price: decimal('120') })).rejects.toThrow('nearest legal: 110');
    await clock.until(account.balances());
    await expect(account.place(market(11))).rejects.toThrow('nearest legal: 0.01');
    await expect(account.place({ ...limit(1), symbol: 'BTC/USDT' })).rejects.toThrow(`did you mean ${SWAP}`);
    expect(venue.arrivals).toHaveLength(1);
  });

  it('opens while the venue cannot say what is held, and then takes no order whose limit needs it', async () => {
    const { account: own } = connector.connector;
    const { balances } = own!;
    Object.assign(own!, { balances: () => Promise.reject(new SpeedError('unavailable', 'come back later')) });
    await open({ limits: { maxPosition: decimal('0.02') } });
    await expect(clock.until(account.place(limit(1)))).rejects.toThrow('come back later');
    Object.assign(own!, { balances });
    expect((await clock.until(account.place(limit(1)))).status).toBe('OPEN');
  });

  it('cancels all of a symbol by one command and reads back that nothing is left', async () => {
    await open();
    const placed = await clock.until(account.placeAll([limit(1), limit(2), limit(3)]));
    const report = await clock.until(account.cancelAll(SWAP));
    expect(report).toMatchObject({ symbols: [SWAP], left: [], confirmed: true });
    expect(report.orders.map((each) => each.status)).toEqual(['CANCELED', 'CANCELED', 'CANCELED']);
    expect(placed.map((each) => venue.rows.get(each.clientOrderId)!.order.status)).toEqual(
      report.orders.map((each) => each.status),
    );
  });

  it('when killed takes no new order, cancels what works, and goes on once it is resumed', async () => {
    await open();
    const { clientOrderId } = await clock.until(account.place(limit(1)));
    const told: string[] = [];
    account.on((event) => told.push(event.type));
    await clock.until(account.kill('too many losses'));
    expect([account.killed, account.order(clientOrderId).status]).toEqual([true, 'CANCELED']);
    await expect(account.place(limit(1))).rejects.toThrow('too many losses');
    await expect(account.amend(clientOrderId, {})).rejects.toThrow('too many losses');
    expect(told[0]).toBe('killed');
    account.resume();
    expect((await clock.until(account.place(limit(1)))).status).toBe('OPEN');
  });

  it('when shut down cancels, closes positions reduce-only, and reports what it reads back', async () => {
    await open();
    await clock.until(account.place(market(7)));
    await clock.until(account.placeAll([limit(1), limit(2)]));
    const report = await clock.until(account.shutdown());
    expect(report).toMatchObject({ confirmed: true, positions: [], problems: [], cancelled: { left: [], confirmed: true } });
    expect(report.flattened).toMatchObject([{ side: 'sell', amount: '0.007', status: 'FILLED' }]);
    expect([connector.lots, account.killed]).toEqual([0, true]);
  });

  it('says what it could not do when it is shut down', async () => {
    await open();
    await clock.until(account.place(market(7)));
    const { account: own } = connector.connector;
    Object.assign(own!, { positions: () => Promise.reject(new Error('no answer')) });
    const report = await clock.until(account.shutdown({ timeoutMs: 5000 }));
    expect(report).toMatchObject({ confirmed: false, cancelled: { confirmed: true } });
    expect(report.problems).toContain('no answer');
  });

  it("renews the venue's countdown while it hears the stream, lets it run out when it does not, and calls it off at the end", async () => {
    const set: string[] = [];
    const { trading } = connector.connector;
    Object.assign(trading!, { cancelAllAfter: async (symbol: string, ms: number) => void set.push(`${symbol} ${ms}`) });
    await open({ deadMansSwitchMs: 3000 });
    await clock.pass(5000);
    expect(set).toEqual([]);
    const { clientOrderId } = await clock.until(account.place(limit(1)));
    expect(set).toEqual([`${SWAP} 3000`]);
    await clock.pass(3000);
    expect(set).toHaveLength(4);
    venue.cut();
    await clock.pass(3100);
    const renewed = set.length;
    await clock.pass(10_000);
    expect(set).toHaveLength(renewed);
    venue.heal();
    await clock.pass(1500);
    expect(set.length).toBeGreaterThan(renewed);
    await clock.until(account.cancel(clientOrderId));
    await clock.pass(1500);
    expect(set.at(-1)).toBe(`${SWAP} 0`);
  });

  it('cancels from here where the venue has no countdown and the stream stays down', async () => {
    await open({ deadMansSwitchMs: 3000 });
    const { clientOrderId } = await clock.until(account.place(limit(1)));
    venue.cut();
    await clock.pass(2500);
    expect(venue.rows.get(clientOrderId)!.order.status).toBe('OPEN');
    await clock.pass(3000);
    expect(account.order(clientOrderId).status).toBe('CANCELED');
  });
});
