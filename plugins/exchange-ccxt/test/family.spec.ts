import ccxt from 'ccxt';
import { describe, expect, it } from 'vitest';
import { capabilitiesOf } from '../src/capabilities.js';
import bridge from '../src/index.js';
import { takesClientId } from '../src/order-lookup.js';
import { instrumentsOf } from '../src/symbols.js';
import type { CcxtConstructor, CcxtExchange, CcxtMarket } from '../src/types.js';

const make = (id: string): CcxtExchange => {
  const classes = ccxt as unknown as Readonly<Record<string, CcxtConstructor>> & {
    readonly pro: Readonly<Record<string, CcxtConstructor>>;
  };
  return new (classes.pro[id] ?? classes[id])!({});
};

describe('venues of the bridge', () => {
  it('are all that ccxt has, each with what ccxt says of it', async () => {
    // Every eighth: making one of each takes seconds.
    for (const id of ccxt.exchanges.filter((_, i) => i % 8 === 0)) {
      const { market, trading } = capabilitiesOf(make(id));
      expect(market?.feeds.length, id).toBeGreaterThan(0);
      if (trading) expect(trading.timeInForce, id).toContain('GTC');
    }
    const { venues } = await bridge.open('ccxt:kraken');
    expect(venues).toMatchObject([{ id: 'ccxt:kraken', name: 'Kraken through ccxt' }]);
  });

  it('are made of what has streams and what has not', () => {
    const { market, account } = capabilitiesOf(make('bitstamp'));
    expect(market?.polled).toEqual(expect.arrayContaining(['ticker', 'candle']));
    expect(market?.polled).not.toContain('depth');
    expect(account?.positions).toBe(false);
  });

  it('are refused by name when ccxt has none of it', async () => {
    await expect(bridge.open('ccxt:krakken')).rejects.toThrow(/has no exchange "krakken"; did you mean "ccxt:kraken"\?/);
  });

  it('have no trading where an order could not be asked for', () => {
    expect(capabilitiesOf(make('kraken')).trading).toBeDefined();
    expect(capabilitiesOf(make('bitflyer')).trading).toBeUndefined();
  });
});

it('knows which exchanges can be asked by client order id', () => {
  expect(['binance', 'okx', 'kraken', 'bybit', 'kucoin'].map((id) => takesClientId(make(id), 'fetchOrder'))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

describe('instruments', () => {
  const market = (more: Partial<CcxtMarket>): CcxtMarket => ({
    id: 'XY',
    symbol: 'X/Y',
    base: 'X',
    quote: 'Y',
    type: 'spot',
    precision: { price: 0.01, amount: 1e-8 },
    limits: { amount: { min: 0.001 }, cost: { min: 0 } },
    ...more,
  });
  const read = (precisionMode: number, ...markets: CcxtMarket[]) =>
    instrumentsOf('ccxt:x', { precisionMode } as CcxtExchange, markets);

  it('have their grids in each of ccxt’s ways to say it', () => {
    expect(read(4, market({}))).toMatchObject([{ tickSize: '0.01', lotSize: '0.00000001', minAmount: '0.001' }]);
    expect(read(4, market({}))[0]).not.toHaveProperty('minNotional');
    expect(read(2, market({ precision: { price: 2, amount: 0 } }))).toMatchObject([{ tickSize: '0.01', lotSize: '1' }]);
    const untold = '0.000000000000000001';
    expect(read(3, market({ precision: { price: 5 } }))).toMatchObject([{ tickSize: untold, lotSize: untold }]);
  });

  it('are left out when the grammar has no word for them', () => {
    expect(read(4, market({ type: 'index' }), market({ symbol: 'XY' }))).toEqual([]);
  });
});
