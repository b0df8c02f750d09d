import { Secret } from '@speed-protocol/core';
import { hmacSigner } from '@speed-protocol/wire';
import { expect, it } from 'vitest';
import { authorizationOf } from './client.js';

const signer = hmacSigner(new Secret('AMANDASECRECT'), 'hex');

// Made with other tools from the documented recipe.
it.each([
  [
    { method: 'GET', path: '/api/v2/private/get_account_summary', query: 'currency=BTC', body: '', timestamp: 1576074319000 },
    '1iqt2wls',
    '9bfbc51a2bc372d72cc396cf1a213dc78d42eb74cb7dc272351833ad0de276ab',
  ],
  [
    {
      ...{ method: 'POST', path: '/api/v2/private/buy', query: '', timestamp: 1763596800000 },
      body: '{"jsonrpc":"2.0","id":8,"method":"private/buy","params":{"instrument_name":"BTC-PERPETUAL","amount":10,"type":"market"}}',
    },
    'abcd',
    'f7cda802e3ce889d7eed3c939c7ef4f630d3a24b587f936ceab2ae385fe7c07b',
  ],
])('signs time, nonce, method, target and body: %j', (request, nonce, signature) => {
  expect(authorizationOf(request, 'AMANDA', nonce, signer)).toBe(
    `deri-hmac-sha256 id=AMANDA,ts=${request.timestamp},nonce=${nonce},sig=${signature}`,
  );
});
