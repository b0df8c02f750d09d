import assert from 'node:assert/strict';
import type { AccountDeclaration, Position } from '@speed-protocol/core';
import { MONEY_SCALE } from '@speed-protocol/simulator';
import type { Bench, CheckRow } from '../check.js';
import { isNear, Trader } from '../trader.js';

const room = 'trading';

const row = (name: string, capability: string, run: (trader: Trader) => Promise<void>): CheckRow => {
  return { room, name, capability, signedIn: true, run: async (bench: Bench) => run(await Trader.open(bench)) };
};

/** Balances, positions and settings as the account's owner reads them. */
export function accountRows({ positions, hedgeMode, leverage }: AccountDeclaration): readonly CheckRow[] {
  return [
    row("balances are the ledger's, to the last unit", 'balances', balances),
    row('what an open order binds is not free', 'balances', binds),
    row('fee rates are those that fills are charged', 'fee rates', feeRates),
    ...(positions ? POSITIONS : []),
    ...(positions && leverage !== false ? [row('leverage is set', 'leverage', leverages)] : []),
    ...(hedgeMode ? [row('hedge mode is read and set', 'hedge mode', hedges)] : []),
  ];
}

async function balances(trader: Trader): Promise<void> {
  await trader.placed({ type: 'market' });
  const told = await trader.world.settled(trader.account.balances(), 'the balances');
  const known = new Map(trader.truth.balances.map(({ asset, total }) => [asset, Number(total) / 10 ** MONEY_SCALE]));
  assert.ok(told.length > 0);
  for (const { currency, total, venue } of told) {
    assert.equal(venue, trader.bench.venue);
    // Venues print eight decimals at least.
    assert.ok(
      Math.abs(Number(total) - (known.get(currency) ?? 0)) < 1e-8,
      `${currency}: ${total}, the ledger has ${known.get(currency)}`,
    );
  }
}

async function binds(trader: Trader): Promise<void> {
  await trader.placed();
  const told = await trader.world.settled(trader.account.balances(), 'the balances');
  const known = told.filter(({ free }) => free !== null);
  // Where the venue says what is free, an order takes some of it away.
  if (known.length > 0)
    assert.ok(
      known.some(({ free, total }) => Number(free) < Number(total)),
      'everything is called free',
    );
}

async function feeRates(trader: Trader): Promise<void> {
  const { maker, taker } = await trader.world.settled(trader.account.feeRates(trader.instrument.symbol), 'the fee rates');
  assert.ok(Number(maker) <= Number(taker) && Number(taker) < 0.01, `maker ${maker}, taker ${taker}`);
  const { rates } = trader.world.sim.accounts(trader.bench.venue);
  const share = Number(rates.maker) / Number(rates.taker);
  assert.ok(isNear(Number(maker) / Number(taker), share), `maker ${maker} of taker ${taker}, the venue takes ${share} of it`);
  const { clientOrderId, symbol } = await trader.placed({ type: 'market' });
  const fills = await trader.world.settled(trader.trading.fills(symbol), 'the fills');
  trader.assertFills(fills, clientOrderId);
  const { inverse, contractSize } = trader.instrument;
  for (const { fee, price, amount, feeCurrency } of fills) {
    if (fee === null || (feeCurrency === trader.instrument.base && !inverse)) continue;
    const value = inverse
      ? (Number(amount) * Number(contractSize)) / Number(price)
      : Number(amount) * Number(price) * Number(contractSize);
    assert.ok(isNear(Number(fee), value * Number(taker)), `fee ${fee} of ${value} at ${taker}`);
  }
}

/** The one position that is open. */
async function openPosition(trader: Trader, symbol: string): Promise<Position> {
  const list = await trader.world.settled(trader.account.positions?.(symbol) ?? Promise.reject(), 'the positions');
  const [position] = list.filter(({ amount }) => Number(amount) !== 0);
  assert.ok(position, 'no position after a fill');
  return position;
}

const POSITIONS: readonly CheckRow[] = [
  row("a position is the ledger's: side, amount, entry", 'positions', async (trader) => {
    const order = await trader.placed({ type: 'market', side: 'sell' });
    const entry = Number(trader.truth.findPosition(trader.instrument.venueSymbol, 'net')?.entryPrice(12)) / 1e12;
    const isEntry = (price: string | null) => Math.abs(Number(price) / entry - 1) < 1e-6;
    let position = await openPosition(trader, order.symbol);
    // Where the two are the same, one taken for the other would not show.
    for (let second = 0; isEntry(position.markPrice); second++) {
      assert.ok(second < 60, `the mark price stays at the entry price, ${entry}, for a minute`);
      await trader.world.pass(1000);
      position = await openPosition(trader, order.symbol);
    }
    assert.deepEqual(
      [position.symbol, Number(position.amount), position.positionSide],
      [order.symbol, -Number(order.amount), null],
    );
    assert.ok(Number(position.markPrice) > 0);
    assert.ok(isEntry(position.entryPrice), `entry ${position.entryPrice}, the ledger has ${entry}`);
  }),
  row('a closed position is gone or zero', 'positions', async (trader) => {
    const order = await trader.placed({ type: 'market' });
    await trader.placed({ type: 'market', side: 'sell', amount: order.amount });
    const list = await trader.world.settled(trader.account.positions?.() ?? Promise.reject(), 'the positions');
    assert.deepEqual(
      list.filter(({ amount }) => Number(amount) !== 0),
      [],
    );
  }),
];

async function leverages({ account, instrument: { symbol, venueSymbol }, truth, world }: Trader): Promise<void> {
  await world.settled(account.setLeverage?.(symbol, 7) ?? Promise.reject(), 'the leverage');
  assert.equal(truth.leverage(venueSymbol), 7);
}

async function hedges(trader: Trader): Promise<void> {
  const { account, world } = trader;
  assert.equal(await world.settled(account.hedgeMode?.() ?? Promise.reject(), 'the mode'), false);
  await world.settled(account.setHedgeMode?.(true) ?? Promise.reject(), 'the mode to be set');
  assert.deepEqual(
    [await world.settled(account.hedgeMode?.() ?? Promise.reject(), 'the mode'), trader.truth.hedgeMode],
    [true, true],
  );
  const order = await trader.placed({ type: 'market', positionSide: 'long' });
  const [position] = await world
    .settled(account.positions?.(order.symbol) ?? Promise.reject(), 'the positions')
    .then((list) => list.filter(({ amount }) => Number(amount) !== 0));
  assert.deepEqual([position?.positionSide, Number(position?.amount)], ['long', Number(order.amount)]);
}
