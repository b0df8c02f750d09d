import { connect, type SpeedClient } from '@speed-protocol/client';
import type { OrderView } from '@speed-protocol/protocol';
import { expect, it, vi } from 'vitest';
import { freePorts } from '../../../tools/faults/src/record/ports.js';
import { startSim } from './live.js';

vi.setConfig({ testTimeout: 300_000 });

const [VENUE, SYMBOL] = ['binance', 'BTC/USDT'];
const KILLS = 3;
const ORDERS = 24;

interface Ledger {
  readonly orders: readonly { readonly clientId: string; readonly status: string; readonly filled: string }[];
  readonly fills: readonly { readonly clientId: string; readonly tradeId: string; readonly size: string; readonly fee: string }[];
}
const STATUS: Readonly<Record<string, string>> = {
  open: 'OPEN',
  'partially-filled': 'PARTIALLY_FILLED',
  filled: 'FILLED',
  canceled: 'CANCELED',
  expired: 'EXPIRED',
};

/** Orders of all kinds at once; some get no answer because the server dies first. */
function fire(client: SpeedClient, price: string): Promise<PromiseSettledResult<OrderView>[]> {
  const account = client.account('main');
  const wish = (at: number) =>
    at % 3 === 0
      ? ({ symbol: SYMBOL, side: 'buy', type: 'market', amount: '0.001' } as const)
      : ({ symbol: SYMBOL, side: 'buy', type: 'limit', amount: '0.001', price } as const);
  return Promise.allSettled(Array.from({ length: ORDERS }, (_, at) => account.place(wish(at))));
}

it('kill -9 in the middle of orders changes nothing: none lost, none doubled, every fill once', async () => {
  await using sim = await startSim([VENUE!]);
  const { apiKey, secret } = sim.ready.venues[VENUE!]!.credentials;
  const env = { TRADER_KEY: apiKey, TRADER_SECRET: secret };
  const main = { venue: VENUE, environment: 'sim', apiKey: { env: 'TRADER_KEY' }, secret: { env: 'TRADER_SECRET' } };
  const config = { venues: sim.venues, accounts: { main }, server: { journalDirectory: `${sim.folder}/journal` } };
  const port = await freePorts();
  let server = await sim.server(config, { port, env });
  await using client = connect(server.ready.ws, { reconnect: { minMs: 10, maxMs: 100 }, timeoutMs: 30_000 });
  const relists: string[] = [];
  await client.onAccounts((event) => event.type === 'relist' && relists.push(event.reason));
  const { bids } = await client.call('book', { venue: VENUE!, symbol: SYMBOL! });
  const price = String(Math.floor(bids[0]![0] * 0.9));

  let unanswered = 0;
  for (let round = 0; round < KILLS; round++) {
    // In the middle: so many are at the venue, the others are on their way or wait for their turn.
    let arrived = 0;
    const middle = new Promise<void>((resolve) => {
      void client.onAccounts((event) => {
        if (event.type === 'order' && event.order.status === 'OPEN' && ++arrived > 4 * round) resolve();
      });
    });
    const placing = fire(client, price);
    await middle;
    await server.kill();
    const settled = await placing;
    unanswered += settled.filter(({ status }) => status === 'rejected').length;
    server = await sim.server(config, { port, env });
    await expect.poll(() => relists.filter((each) => each === 'server-restarted').length).toBe(round + 1);
  }
  expect(unanswered).toBeGreaterThan(0);

  const account = client.account('main');
  const isSettled = (each: OrderView) => each.status !== 'PENDING' && each.status !== 'UNKNOWN' && each.fillsComplete;
  await expect.poll(async () => (await account.orders()).filter((each) => !isSettled(each))).toEqual([]);
  const response = await fetch(`${sim.ready.control}/__sim/ledger?venue=${VENUE}&account=default`);
  const ledger = (await response.json()) as Ledger;
  const ids = ledger.orders.map(({ clientId }) => clientId);
  expect(ids.length).toBeGreaterThan(4 * KILLS);
  expect(new Set(ids).size).toBe(ids.length);
  const known = (await account.orders()).filter(({ status }) => status !== 'REJECTED');
  const byId = <T>(rows: readonly T[], key: (row: T) => string) => rows.map(key).toSorted();
  expect(byId(known, (each) => `${each.clientOrderId} ${each.status} ${Number(each.filled)}`)).toEqual(
    byId(ledger.orders, (each) => `${each.clientId} ${STATUS[each.status]} ${Number(each.filled)}`),
  );
  expect(byId(await account.fills(), (each) => `${each.tradeId} ${each.clientOrderId} ${Number(each.amount)}`)).toEqual(
    byId(ledger.fills, (each) => `${each.tradeId} ${each.clientId} ${Number(each.size)}`),
  );
  expect(await account.cancelAll()).toMatchObject({ left: [], confirmed: true });
  await server.stop();
});
