import { ORDER_FAULT_KINDS, Random, serializeEntry, startSimulator } from '@speed-protocol/simulator';
import { expect, it } from 'vitest';
import { SimTrader, TRADED, TRADED_VENUES } from '../../../test/sim-trader.js';
import dialect from '../index.js';

const START = Date.UTC(2026, 10, 20, 7, 30);
const SEED = Number(process.env['SPEED_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`SPEED_SEED=${SEED}`);
const STEPS = 20;

/** Trades at random on all products while orders are struck by faults; everything that was told and kept. */
async function run(seed: number): Promise<readonly string[]> {
  const symbols = ['BTC/USDT', 'BTC/USDT:USDT', 'BTC/USD:BTC'];
  const sim = await startSimulator({ dialects: [dialect], seed, clock: START, symbols, flow: { eventsPerSecond: 5 } });
  const random = new Random(seed, 'trader');
  const log: string[] = [];
  for (const venue of TRADED_VENUES) {
    const trader = new SimTrader(sim, venue);
    const stream = await listen(trader);
    const { symbol, size, resting } = TRADED[venue];
    for (let i = 0; i < STEPS; i++) {
      if (random.chance(0.3)) sim.faults.inject({ kind: random.pick(ORDER_FAULT_KINDS.slice(0, 7)), venue, delayMs: 0 });
      const limit = { type: 'LIMIT', timeInForce: 'GTC', price: resting };
      const order = { symbol, side: random.pick(['BUY', 'SELL']), quantity: size, newClientOrderId: `o-${i}` };
      const buys = { ...order, side: 'BUY', ...limit };
      const asked = trader.ask('POST', '/order', random.chance(0.5) ? { ...order, type: 'MARKET' } : buys);
      log.push(await asked.then(JSON.stringify, () => 'lost'));
      const cancel = trader.ask('DELETE', '/order', { symbol, origClientOrderId: `o-${i}` });
      if (random.chance(0.5)) log.push(await cancel.then(JSON.stringify, () => 'lost'));
      else await cancel.catch(() => {});
      sim.clock.advance(random.integer(1, 2000));
      await stream.settle();
    }
    log.push(...stream.texts, ...sim.accounts(venue).ledger.entries.map(serializeEntry));
    trader.close();
  }
  log.push(...sim.faults.records.map((record) => JSON.stringify(record)));
  await sim.close();
  return log;
}

async function listen(trader: SimTrader) {
  if (trader.venue === 'binance') {
    const client = await trader.openSocketApi();
    await client.request('userDataStream.subscribe.signature', trader.signedParams({}));
    return client;
  }
  const key = await trader.listenKey();
  return trader.open(trader.venue === 'binanceusdm' ? `/private/ws?listenKey=${key}` : `/ws/${key}`);
}

it('the same seed tells the same story, byte for byte, faults and all', { timeout: 300_000 }, async () => {
  const once = await run(SEED);
  expect(once.filter((text) => text.includes('"x":"TRADE"')).length).toBeGreaterThan(10);
  expect(once.filter((text) => text.includes('"faultId"')).length).toBeGreaterThan(5);
  expect(await run(SEED)).toEqual(once);
  expect(await run(SEED + 1)).not.toEqual(once);
});
