import { type Simulated, turn } from '@speed-protocol/conformance/exchange';
import type { CommandOptions, Connector, Decimal, NewOrder, PrivateEvent } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulate } from './helpers/simulated.js';

/** What every exchange must do is in the conformance suites; here is what this one does besides. */
const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);
const BTC = 'BTC/USD:BTC';

describe(`trading on the simulated deribit (SPEED_SEED=${seed})`, () => {
  let world: Simulated;
  let connector: Connector;

  beforeEach(async () => {
    world = await simulate({ seed, symbols: [BTC, 'ETH/USD:ETH', 'BTC/USDC'], flow: { eventsPerSecond: 5 } });
    connector = world.connectAccount('deribit');
  });

  afterEach(() => world[Symbol.asyncDispose]());

  const account = () => world.sim.accounts('deribit').get('default')!;
  const above = (share: number, symbol = BTC) =>
    String(Math.round(world.sim.oracle.book('deribit', symbol).asks[0]![0] * share)) as Decimal;
  const order = (fields: Partial<NewOrder> = {}): NewOrder => ({
    symbol: BTC,
    clientOrderId: connector.trading!.newClientOrderId(),
    side: 'buy',
    type: 'limit',
    amount: '100' as Decimal,
    ...(fields.type !== 'market' && { price: above(0.97, fields.symbol) }),
    ...fields,
  });
  const place = (placed: NewOrder, options?: CommandOptions) =>
    world.settled(connector.trading!.placeOrder(placed, options), 'the order');
  const found = ({ symbol, clientOrderId }: NewOrder) =>
    world.settled(connector.trading!.getOrder({ symbol, clientOrderId }), 'the question');
  const labelled = (label: string) => account().orders.filter(({ clientId }) => clientId === label);

  it('tells the whole order with its acceptance: amounts are dollars', async () => {
    const placed = order({ type: 'market' });
    const outcome = await place(placed);
    expect(outcome).toMatchObject({ status: 'accepted', order: { status: 'FILLED', amount: '100', filled: '100' } });
    const fills = await world.settled(connector.trading!.fills(BTC), 'the fills');
    // The best level may hold less than the order: then it trades at several.
    expect(fills.reduce((sum, { amount }) => sum + Number(amount), 0)).toBe(100);
    for (const fill of fills) {
      const fee = (Number(fill.amount) * 0.0005) / Number(fill.price);
      expect(Math.abs(Number(fill.fee) - fee)).toBeLessThan(1e-7);
      expect(fill).toMatchObject({ feeCurrency: 'BTC', liquidity: 'taker', clientOrderId: placed.clientOrderId });
    }
  });

  it('refuses a post-only order that would take, where the venue by itself would move its price', async () => {
    const placed = order({ price: above(1.001), timeInForce: 'POST_ONLY' });
    expect(await place(placed)).toMatchObject({ status: 'rejected', reason: { kind: 'rejected', venueCode: '11054' } });
    expect(labelled(placed.clientOrderId)).toEqual([]);
  });

  it('never sends an id twice: labels would make a second order of it', async () => {
    const placed = order();
    world.sim.faults.inject({ venue: 'deribit', kind: 'ack-lose', action: 'place', count: 1 });
    expect(await place(placed, { via: 'rest' })).toMatchObject({ status: 'unknown' });
    expect(await place(placed)).toMatchObject({ status: 'rejected', reason: { kind: 'duplicate' } });
    expect(labelled(placed.clientOrderId)).toHaveLength(1);
  });

  it('lets an id be used again once it is proven that no order came of it', async () => {
    const placed = order({ amount: '1' as Decimal });
    expect(await place(placed)).toMatchObject({ status: 'rejected' });
    expect(await place({ ...placed, amount: '100' as Decimal })).toMatchObject({ status: 'accepted' });
  });

  it('amends and cancels by either name; what is gone is not found', async () => {
    const [one, two] = [order(), order({ symbol: 'ETH/USD:ETH', amount: '50' as Decimal })];
    await place(one);
    const { venueOrderId } = (await place(two)) as { venueOrderId: string };
    expect(venueOrderId).toMatch(/^ETH-\d+$/);
    const { trading } = connector;
    const byLabel = { symbol: BTC, clientOrderId: one.clientOrderId };
    const byId = { symbol: two.symbol, venueOrderId };
    const price = above(0.96);
    expect(await world.settled(trading!.amendOrder!(byLabel, { price }), 'a price')).toMatchObject({
      order: { price, amount: '100' },
    });
    expect(await world.settled(trading!.amendOrder!(byId, { amount: '70' as Decimal }), 'an amount')).toMatchObject({
      order: { venueOrderId, amount: '70', price: two.price },
    });
    for (const ref of [byLabel, byId]) {
      expect(await world.settled(trading!.cancelOrder(ref), 'a cancel')).toMatchObject({ status: 'accepted' });
      const again = await world.settled(trading!.cancelOrder(ref), 'a second one');
      expect(again).toMatchObject({ status: 'rejected', reason: { kind: 'not-found' } });
    }
    expect(await found(two)).toMatchObject({ status: 'CANCELED', reason: 'user_request' });
  });

  it('reads fills page by page, oldest first, and from an id on', async () => {
    for (let i = 0; i < 3; i++) await place(order({ type: 'market' }));
    const all = await world.settled(connector.trading!.fills(BTC), 'the fills');
    expect(all.length).toBeGreaterThanOrEqual(3);
    expect(all.map(({ time }) => time)).toEqual(all.map(({ time }) => time).toSorted((a, b) => a - b));
    const from = await world.settled(connector.trading!.fills(BTC, { fromId: all[1]!.tradeId }), 'the later ones');
    expect(from).toEqual(all.slice(1));
    expect(await world.settled(connector.trading!.fills(BTC, { limit: 2 }), 'the newest')).toEqual(all.slice(-2));
  });

  /** Many seconds in few turns: fine for what watches seconds. */
  const leap = async (seconds: number) => {
    for (let step = 0; step < seconds * 2; step++) {
      world.sim.clock.advance(500);
      for (let turns = 0; turns < 8; turns++) await turn();
    }
  };

  it('keeps a login by the secret itself alive past its token', async () => {
    connector = world.connectAccount('deribit', { grant: 'client_credentials', scope: 'expires:900' });
    const events: PrivateEvent[] = [];
    await world.settled(
      connector.account!.subscribe((event) => void events.push(event)),
      'the stream',
    );
    await place(order(), { via: 'socket' });
    await leap(1_000);
    expect(events.filter(({ type }) => type === 'stream')).toHaveLength(1);
    events.length = 0;
    expect(await place(order(), { via: 'socket' })).toMatchObject({ status: 'accepted' });
    await world.until(() => events.some(({ type }) => type === 'order'), 'the order to be told');
  }, 30_000);

  it('leaves the cancelling of a lost connection’s orders to the venue, where that is wanted', async () => {
    connector = world.connectAccount('deribit', { cancelOnDisconnect: 'on' });
    const [overSocket, overRest] = [order(), order()];
    await place(overSocket, { via: 'socket' });
    await place(overRest, { via: 'rest' });
    // Asked whether it is there, it says so.
    await leap(40);
    expect(await found(overSocket)).toMatchObject({ status: 'OPEN' });
    world.sim.faults.inject({ kind: 'cut', venue: 'deribit', target: 'socket' });
    await world.pass(5_000);
    expect(await found(overSocket)).toMatchObject({ status: 'CANCELED', reason: 'cancel_on_disconnect' });
    expect(await found(overRest)).toMatchObject({ status: 'OPEN' });
  });

  it('is refused, not carried out, when it comes after its time', async () => {
    await world.settled(connector.reference.instruments(), 'instruments');
    world.sim.faults.inject({ kind: 'slow', target: 'rest', venue: 'deribit', delayMs: 30_000, durationMs: 5_000 });
    expect(await place(order(), { via: 'rest' })).toMatchObject({ status: 'unknown' });
    await world.pass(40_000);
    expect(account().orders).toEqual([]);
  });
});
