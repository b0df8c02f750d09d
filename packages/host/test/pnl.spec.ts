import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decimal, type Fill } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTradingAccount, type PnlUpdate, type TradingAccount } from '../src/index.js';
import { SWAP, TestConnector } from './support/test-connector.js';
import { fromLots, TestVenue } from './support/venue.js';
import { VirtualClock } from './support/virtual-clock.js';

let journalDir: string;
let clock: VirtualClock;
let venue: TestVenue;
let connector: TestConnector;
let account: TradingAccount;
let updates: PnlUpdate[];

beforeEach(async () => {
  journalDir = await mkdtemp(path.join(tmpdir(), 'speed-pnl-'));
  clock = new VirtualClock();
  venue = new TestVenue(clock, () => 0.5);
  connector = new TestConnector(venue);
  updates = [];
  await open();
});
afterEach(async () => {
  await clock.until(account[Symbol.asyncDispose]());
  await rm(journalDir, { recursive: true, force: true });
});

async function open(): Promise<void> {
  const base = { id: 'main', venue: 'test', environment: 'sim', connector: connector.connector, journalDir, clock };
  account = await clock.until(openTradingAccount(base));
}

async function trade(lots: number, side: 'buy' | 'sell' = 'buy'): Promise<string> {
  const order = { symbol: SWAP, side, type: 'market', amount: fromLots(lots) } as const;
  const { clientOrderId } = await clock.until(account.place(order));
  await clock.pass(500);
  return clientOrderId;
}

async function watch(id: string) {
  const watching = account.watchPnl(id, (update) => updates.push(update));
  await clock.pass(10);
  return watching;
}

describe('profit and loss of an order', () => {
  it('follows the mark price, what is closed, and the fees, and ends when all is closed', async () => {
    venue.fee = decimal('0.01');
    const id = await trade(10);
    await watch(id);
    expect(updates.at(-1)).toMatchObject({ quantity: '0.01', markPrice: null, unrealizedPnl: null, netPnl: null, open: true });
    connector.setMark('130');
    expect(updates.at(-1)).toMatchObject({
      side: 'long',
      entryPrice: '100',
      markPrice: '130',
      unrealizedPnl: '0.3',
      netPnl: '0.29',
    });
    await trade(4, 'sell');
    expect(updates.at(-1)).toMatchObject({ quantity: '0.006', realizedPnl: '0.12', unrealizedPnl: '0.18', fees: '0.02' });
    connector.setMark('90');
    await trade(6, 'sell');
    const last = { quantity: '0', realizedPnl: '0.06', unrealizedPnl: '0', fees: '0.03', netPnl: '0.03', open: false };
    expect(updates.at(-1)).toMatchObject({
      accountId: 'main',
      venue: 'test',
      symbol: SWAP,
      clientOrderId: id,
      settle: 'USDT',
      ...last,
    });
    const told = updates.length;
    connector.setMark('95');
    await clock.pass(1000);
    expect([updates.length, connector.priceListeners.size]).toEqual([told, 0]);
  });

  it('counts funding at the size that was held when it settled', async () => {
    const id = await trade(10);
    await watch(id);
    connector.setMark('100');
    connector.fundingRecords.push({ rate: 0.01, time: clock.now() + 1000, markPrice: 200 });
    await clock.pass(2000);
    await trade(5, 'sell');
    connector.fundingRecords.push({ rate: 0.01, time: clock.now() + 1000, markPrice: 100 });
    await clock.pass(2 * 3_600_000);
    // 0.010 x 200 x 1 % and 0.005 x 100 x 1 %, paid by the long.
    expect(updates.at(-1)).toMatchObject({ funding: '-0.025', netPnl: '-0.025' });
  });

  it('sees a position closed by an order of somebody else that the stream never told', async () => {
    const id = await trade(10);
    await watch(id);
    connector.setMark('150');
    const stranger: Fill = { ...venue.trades[0]!, tradeId: '9999999999999999999', venueOrderId: '77', clientOrderId: 'web-1' };
    venue.trades.push({ ...stranger, side: 'sell', price: decimal('150'), time: clock.now() });
    venue.say({
      ...{ type: 'position', venue: 'test', symbol: SWAP, venueSymbol: 'BTCUSDT', venueTime: null, receivedAt: 0 },
      position: connector.position(),
    });
    await clock.pass(1000);
    expect(updates.at(-1)).toMatchObject({ quantity: '0', realizedPnl: '0.5', open: false });
  });

  it('is known again after a restart, and stops when it is told to', async () => {
    const id = await trade(10);
    await clock.until(account[Symbol.asyncDispose]());
    await open();
    const watching = await watch(id);
    connector.setMark('110');
    expect(watching.latest).toMatchObject({ entryPrice: '100', unrealizedPnl: '0.1', open: true });
    watching[Symbol.dispose]();
    watching[Symbol.dispose]();
    connector.setMark('120');
    expect(watching.latest).toMatchObject({ unrealizedPnl: '0.1' });
    expect(() => account.watchPnl('speed-none', () => {})).toThrow('No order "speed-none"');
  });
});
