import { Secret, silentLogger, systemClock } from '@speed-protocol/core';
import { hmacSigner, keySigner } from '@speed-protocol/wire';
import { describe, expect, it } from 'vitest';
import { createClient, sign } from './client.js';
import { parseConfig, type VenueId } from './config.js';

const SECRET = new Secret('sim-secret-0123456789abcdef');
const hmac = hmacSigner(SECRET, 'hex');

/** What is signed when `text` is all of it: the vectors name the payload before the signature. */
const VECTORS: readonly [payload: string, signature: string][] = [
  [
    'symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001&price=50000&recvWindow=5000&timestamp=1795132800000',
    '64ea5665e8d09fbf82c0f20d4ad562bf2b01cd5b29feeeacb340154a7857ade9',
  ],
  [
    'symbol=BTCUSD_PERP&side=SELL&type=LIMIT&timeInForce=GTX&quantity=3&price=90000&recvWindow=5000&timestamp=1795132800000',
    '5412693518dc719521330b79195f9792609dcb182e656fe00ba500d7a5801352',
  ],
  [
    'symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=0.01&price=50000&timestamp=1795132800000',
    'a3cb0cb6c949f68c2bc5d732ce249a92f49fccfc069a6c084428a019068e4ef3',
  ],
  [
    'batchOrders=%5B%7B%22symbol%22%3A%22BTCUSDT%22%2C%22side%22%3A%22BUY%22%2C%22type%22%3A%22LIMIT%22%2C%22quantity%22%3A%220.001%22%2C%22price%22%3A%2250000%22%2C%22timeInForce%22%3A%22GTC%22%7D%5D&timestamp=1795132800000',
    'd68e0c44fa6d158f8e80dc5c7176c12bd7e0d9ef5a7914644e4676a18018fe78',
  ],
  [
    'apiKey=sim-key-0001&price=52000&quantity=0.01&recvWindow=5000&side=SELL&symbol=BTCUSDT&timeInForce=GTC&timestamp=1795132800000&type=LIMIT',
    '8992fcb61853a27e85f11457fbd59545ef78c436e19405f6ed15d4a88188c97d',
  ],
];

describe('signatures', () => {
  it.each(VECTORS)('%s', (payload, signature) => {
    expect(hmac(payload)).toBe(signature);
  });

  it('covers the query, with the stamp appended and the signature last', () => {
    const query = 'symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001&price=50000';
    expect(sign({ query, body: '', timestamp: 1795132800000 }, hmac, 5000)).toEqual({
      query: `${VECTORS[0]![0]}&signature=${VECTORS[0]![1]}`,
    });
  });

  it('covers query and body, joined with nothing between, and goes into the body', () => {
    const query = 'symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC';
    const signed = sign({ query, body: 'quantity=1&price=9000', timestamp: 1795132800000 }, hmac, 60000);
    expect(signed).toEqual({
      body: 'quantity=1&price=9000&recvWindow=60000&timestamp=1795132800000&signature=4b3009354c7a12997148f335076c43b307c042664726f8109ad4f08cff839d3e',
    });
  });

  it('stamps a request without parameters', () => {
    expect(sign({ query: '', body: '', timestamp: 1 }, hmac, 5000).query).toMatch(
      /^recvWindow=5000&timestamp=1&signature=[0-9a-f]{64}$/,
    );
  });

  it('percent-encodes the base64 of Ed25519', () => {
    const ed25519 = keySigner(new Secret('MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g'));
    const { query } = sign({ query: '', body: '', timestamp: 1795132800000 }, ed25519, 5000);
    expect(query?.split('&signature=')[1]).toMatch(/^[A-Za-z0-9%]+$/);
    expect(decodeURIComponent(query!.split('&signature=')[1]!)).toMatch(/==$/);
  });
});

describe('createClient', () => {
  // Allowances are kept by clock: none of these was ever used.
  const clock = { ...systemClock };
  const context = (port: number, apiKey: string) => ({
    config: parseConfig({ origin: `http://127.0.0.1:${port}`, environment: 'sim', apiKey, secret: 's' }),
    clock,
    logger: silentLogger,
    signal: new AbortController().signal,
  });
  const gate = (venue: VenueId, port: number, apiKey: string) => createClient(venue, context(port, apiKey)).gate;
  const used = (of: ReturnType<typeof gate>) => Object.fromEntries(of.usage().map(({ id, used: count }) => [id, count]));

  it('shares weight between USD-M and COIN-M, also on two ports of a simulator, and with nobody else', async () => {
    const usdm = gate('binanceusdm', 1, 'a');
    const permit = await usdm.acquire({ weight: 7, orders10s: 1 });
    expect(used(gate('binancecoinm', 2, 'b'))).toMatchObject({ weight: 7, orders10s: 0 });
    expect(used(gate('binance', 1, 'a'))).toMatchObject({ weight: 0, orders10s: 0 });
    permit.settle({ sent: false });
    expect(used(usdm)).toMatchObject({ weight: 0, orders10s: 0 });
  });

  it('shares the count of orders between USD-M and COIN-M of one account, and with no other account', async () => {
    const permit = gate('binanceusdm', 3, 'c').tryAcquire({ weight: 0, orders10s: 5, orders1m: 1 })!;
    expect(used(gate('binancecoinm', 4, 'c'))).toMatchObject({ orders10s: 5, orders1m: 1 });
    expect(used(gate('binancecoinm', 4, 'd'))).toMatchObject({ orders10s: 0, orders1m: 0 });
    permit.settle({ sent: true, header: (name) => (name === 'x-mbx-order-count-10s' ? '250' : undefined) });
    expect(used(gate('binancecoinm', 4, 'c'))).toMatchObject({ orders10s: 250 });
    expect(gate('binanceusdm', 3, 'c').tryAcquire({ orders10s: 60 }, 'place')).toBeUndefined();
    expect(gate('binanceusdm', 3, 'd').tryAcquire({ orders10s: 60 }, 'place')).toBeDefined();
  });
});
