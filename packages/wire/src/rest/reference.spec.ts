import { type Decimal, type Instrument, SpeedError } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { createReference } from './reference.js';

function instrument(symbol: string, venueSymbol: string): Instrument {
  const one = '1' as Decimal;
  return {
    venue: 'v',
    symbol,
    venueSymbol,
    kind: 'perpetual',
    status: 'open',
    base: 'B',
    quote: 'Q',
    contractSize: one,
    tickSize: one,
    lotSize: one,
  };
}

const LIST = [
  instrument('BTC/USDT:USDT', 'BTCUSDT'),
  instrument('ETH/USDT:USDT', 'ETHUSDT'),
  instrument('BTC/USDT:USDT-261225', 'BTCUSDT_261225'),
];

function rig() {
  const loads: { resolve(list: readonly Instrument[]): void; reject(error: unknown): void }[] = [];
  const load = () => new Promise<readonly Instrument[]>((resolve, reject) => loads.push({ resolve, reject }));
  return { loads, reference: createReference({ venue: 'v', load, serverTime: async () => 5 }) };
}

describe('createReference', () => {
  it('loads once for all who wait; one who gives up does not spoil it for the others', async () => {
    const { loads, reference } = rig();
    const abort = new AbortController();
    const impatient = reference.instruments({ signal: abort.signal });
    const patient = reference.instrument('ETH/USDT:USDT');
    abort.abort();
    await expect(impatient).rejects.toSatisfy((error) => SpeedError.is(error, 'aborted'));
    loads[0]?.resolve(LIST);
    expect((await patient).venueSymbol).toBe('ETHUSDT');
    expect(loads).toHaveLength(1);
    expect(reference.byVenueSymbol.get('BTCUSDT_261225')?.symbol).toBe('BTC/USDT:USDT-261225');
  });

  it('leaves no failure to the process when the only one who asked had already given up', async () => {
    const { loads, reference } = rig();
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    await expect(reference.instruments({ signal: AbortSignal.abort() })).rejects.toThrow('aborted');
    loads[0]?.reject(new SpeedError('unavailable', 'down'));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('tries again after a failure', async () => {
    const { loads, reference } = rig();
    const first = reference.instruments();
    loads[0]?.reject(new SpeedError('unavailable', 'down'));
    await expect(first).rejects.toThrow('down');
    const second = reference.instruments();
    loads[1]?.resolve(LIST);
    expect(await second).toHaveLength(3);
  });

  it.each([
    ['BTCUSDT', 'BTC/USDT:USDT'],
    ['ethusdt', 'ETH/USDT:USDT'],
    ['btc/usdt', 'BTC/USDT:USDT'],
    ['ETH/USDT:USDC', 'ETH/USDT:USDT'],
    ['BTC/USTD:USDT', 'BTC/USDT:USDT'],
  ])('%s: did you mean %s?', async (asked, meant) => {
    const { loads, reference } = rig();
    const refused = reference.instrument(asked);
    loads[0]?.resolve(LIST);
    await expect(refused).rejects.toThrow(`v has no symbol "${asked}"; did you mean "${meant}"?`);
  });

  it('knows instruments with one id apart where the venue names them by more', async () => {
    const list = [instrument('BTC/USDT', 'BTCUSDT'), instrument('BTC/USDT:USDT', 'BTCUSDT')];
    const keyOf = ({ symbol, venueSymbol }: Instrument) => `${symbol.includes(':') ? 'linear' : 'spot'}:${venueSymbol}`;
    const reference = createReference({ venue: 'v', load: async () => list, serverTime: async () => 5, keyOf });
    await expect(reference.instrument('BTCUSDT')).rejects.toThrow('did you mean "BTC/USDT"?');
    expect(reference.byVenueSymbol.get('linear:BTCUSDT')?.symbol).toBe('BTC/USDT:USDT');
  });

  it('says how to list them when nothing is near', async () => {
    const { loads, reference } = rig();
    const refused = reference.instrument('qqqqqqqqqq');
    loads[0]?.resolve(LIST);
    await expect(refused).rejects.toThrow('speed symbols v');
  });
});
