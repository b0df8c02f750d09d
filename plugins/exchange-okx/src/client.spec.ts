import { Secret } from '@speed-protocol/core';
import { hmacSigner } from '@speed-protocol/wire';
import { expect, it } from 'vitest';
import { signatureOf } from './client.js';

const signer = hmacSigner(new Secret('sim-secret-0123456789abcdef'), 'base64');
const timestamp = Date.UTC(2026, 10, 20);

// Made with other tools from the documented recipe.
it.each([
  ['GET', '/api/v5/account/balance', 'ccy=BTC', '', 'GyXxLwo+ZMV+3iS2+16EWpbWWAQBA/u+OCKYuICJoqo='],
  [
    'POST',
    '/api/v5/trade/order',
    '',
    '{"instId":"BTC-USDT-SWAP","tdMode":"cross","side":"buy","ordType":"post_only","sz":"1","px":"50000","clOrdId":"sim0001"}',
    '66U+t4kWbkRT/N/PB+wsiIfUb63AfLBcOLtGAolDZGE=',
  ],
])('signs time, method, path with query and body: %s', (method, path, query, body, signature) => {
  expect(signatureOf({ method, path, query, body, timestamp }, signer)).toEqual({
    'ok-access-timestamp': '2026-11-20T00:00:00.000Z',
    'ok-access-sign': signature,
  });
});
