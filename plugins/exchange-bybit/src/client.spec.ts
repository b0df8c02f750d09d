import { generateKeyPairSync, verify } from 'node:crypto';
import { Secret } from '@speed-protocol/core';
import { expect, it } from 'vitest';
import { signatureOf, signerOf } from './client.js';

const signer = signerOf(new Secret('sim-secret-0123456789abcdef'));
const timestamp = 1795132800000;
const terms = { apiKey: 'sim-key-0001', recvWindowMs: 5_000, signer };
const ORDER =
  '{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.01","price":"50000","timeInForce":"PostOnly","orderLinkId":"sim-0001"}';

// Made with other tools from the documented recipe.
it.each([
  ['a query', 'category=linear&symbol=BTCUSDT', '', '93266bb0125f749a8215789243ed487667a98b5ab17f04dc632fa0b8cc2630df'],
  ['a body', '', ORDER, '4ad07a360cca027f60724f109a8aaf3034541549c2b1c58b68a7979c528c861f'],
])('signs time, key, window and %s', (_, query, body, signature) => {
  expect(signatureOf({ query, body, timestamp }, terms)).toEqual({
    'x-bapi-api-key': 'sim-key-0001',
    'x-bapi-timestamp': '1795132800000',
    'x-bapi-recv-window': '5000',
    'x-bapi-sign': signature,
  });
});

it('signs logins', () => {
  expect(signer('GET/realtime1795132810000')).toBe('74b7a575b0e6c04cce1248e8141581645898197aaaaefb8decb9f2c0b2a4fd69');
});

it('signs by RSA, in base64, where the secret is a private key', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const signed = signerOf(new Secret(pem))('text');
  expect(verify('sha256', Buffer.from('text'), publicKey, Buffer.from(signed, 'base64'))).toBe(true);
});
