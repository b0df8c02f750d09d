import { decimal, type Instrument, type NewOrder, Secret } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { type Credentials, credentialsOf } from './client.js';
import { parseConfig } from './config.js';
import { orderParams, orderQuery, orderRequest, type SocketStamp, socketRequest } from './order-text.js';

const KEYS = { environment: 'sim', origin: 'http://127.0.0.1:1', apiKey: 'sim-key-0001' } as const;
const HMAC = credentialsOf(parseConfig({ ...KEYS, secret: 'sim-secret-0123456789abcdef' }))!;
const ED25519 = credentialsOf(
  parseConfig({ ...KEYS, privateKey: new Secret('MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g') }),
)!;
const AT = 1795132800000;
const stampOf = (credentials: Credentials | undefined): SocketStamp => ({
  id: '7',
  credentials,
  recvWindowMs: 5000,
  timestamp: AT,
});

const instrument = (venueSymbol: string) => ({ venueSymbol }) as Instrument;
const order = (more: Partial<NewOrder> = {}): NewOrder => ({
  symbol: 'BTC/USDT:USDT',
  clientOrderId: 'speed-1',
  side: 'sell',
  type: 'limit',
  amount: decimal('0.01'),
  price: decimal('52000'),
  ...more,
});
const market = (more: Partial<NewOrder> = {}): NewOrder => {
  const { price: _, ...rest } = order({ type: 'market', ...more });
  return rest;
};

interface Sent {
  readonly id: string;
  readonly method: string;
  readonly params: Record<string, string | number>;
}
const sent = (text: string) => JSON.parse(text) as Sent;

/** Pairs in alphabetical order, as the venue wants them signed. */
const payloadOf = ({ params }: Sent) =>
  Object.keys(params)
    .filter((name) => name !== 'signature')
    .sort()
    .map((name) => `${name}=${params[name]}`)
    .join('&');

describe('a signed request on a socket', () => {
  it('is the published vector of an order', () => {
    const params = { symbol: 'BTCUSDT', side: 'SELL', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01', price: '52000' };
    expect(sent(socketRequest('order.place', params, stampOf(HMAC)))).toEqual({
      id: '7',
      method: 'order.place',
      params: {
        ...params,
        apiKey: 'sim-key-0001',
        recvWindow: 5000,
        timestamp: AT,
        signature: '8992fcb61853a27e85f11457fbd59545ef78c436e19405f6ed15d4a88188c97d',
      },
    });
  });

  it.each([
    ['HMAC', HMAC, '2b266496b0951384b3c367f0b2cfb6a2bd2df2cbf9413553eec3b1a320aeaf00'],
    ['Ed25519', ED25519, 'sD44K4X3cLFbjYrJy8YHH7fXG2WIApmCY499wCHRiuPHxKk0wYSPJkqSWWPpi86EC+ij5aDX/zxQbnpBKVvdAg=='],
  ])('is the published vector of a logon by %s', (_, credentials, signature) => {
    const stamp = { ...stampOf(credentials), recvWindowMs: undefined as never };
    expect(sent(socketRequest('session.logon', {}, stamp)).params).toEqual({ apiKey: 'sim-key-0001', timestamp: AT, signature });
  });

  it('leaves out what is absent, and signs nothing after a logon', () => {
    expect(socketRequest('order.cancel', { symbol: 'A', orderId: undefined, x: null }, stampOf(undefined))).toBe(
      `{"id":"7","method":"order.cancel","params":{"recvWindow":5000,"symbol":"A","timestamp":${AT}}}`,
    );
  });

  it.each([
    ['a limit order', order()],
    ['a post-only order', order({ timeInForce: 'POST_ONLY' })],
    ['an order that only reduces', order({ reduceOnly: true, timeInForce: 'IOC' })],
    ['an order of one leg', order({ reduceOnly: true, positionSide: 'long' })],
    ['a market order', market()],
    ['a market order of one leg', market({ positionSide: 'short' })],
  ])('signs %s in alphabetical order, the same in both spellings', (_, each) => {
    for (const venue of ['binance', 'binanceusdm'] as const) {
      const request = sent(orderRequest(venue, each, instrument('币安人生USDT'), stampOf(HMAC)));
      expect(request.params['signature']).toBe(HMAC.sign(payloadOf(request)));
      const { apiKey, signature, recvWindow, timestamp, ...params } = request.params;
      expect([apiKey, recvWindow, timestamp]).toEqual(['sim-key-0001', 5000, AT]);
      expect(signature).toMatch(/^[0-9a-f]{64}$/);
      expect(params).toEqual(orderParams(venue, each, instrument('币安人生USDT')));
      const query = Object.fromEntries(new URLSearchParams(orderQuery(venue, each, instrument('币安人生USDT'))));
      expect(query).toEqual(params);
    }
  });
});

describe('an order by the rules of its product', () => {
  const params = (venue: 'binance' | 'binanceusdm', each: NewOrder) => orderParams(venue, each, instrument('X'));

  it('post-only is a type of its own on spot and a time in force on futures', () => {
    expect(params('binance', order({ timeInForce: 'POST_ONLY' }))).toMatchObject({ type: 'LIMIT_MAKER' });
    expect(params('binance', order({ timeInForce: 'POST_ONLY' }))).not.toHaveProperty('timeInForce');
    expect(params('binanceusdm', order({ timeInForce: 'POST_ONLY' }))).toMatchObject({ type: 'LIMIT', timeInForce: 'GTX' });
  });

  it('market orders name neither price nor time in force', () => {
    expect(Object.keys(params('binance', market())).sort()).toEqual([
      'newClientOrderId',
      'newOrderRespType',
      'quantity',
      'side',
      'symbol',
      'type',
    ]);
  });

  it('a leg of hedge mode goes without the flag that the venue refuses there', () => {
    expect(params('binanceusdm', order({ reduceOnly: true, positionSide: 'long' }))).toMatchObject({ positionSide: 'LONG' });
    expect(params('binanceusdm', order({ reduceOnly: true, positionSide: 'long' }))).not.toHaveProperty('reduceOnly');
    expect(params('binanceusdm', order({ reduceOnly: true }))).toMatchObject({ reduceOnly: 'true' });
  });
});
