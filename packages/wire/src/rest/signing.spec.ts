import { createHmac, createVerify, generateKeyPairSync, verify } from 'node:crypto';
import { inspect } from 'node:util';
import { Secret } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { hmacSigner, keySigner } from './signing.js';

/** Published by the venue: rest-api.md of binance-spot-api-docs, "HMAC Keys"; the second with a non-ASCII symbol. */
const VENDOR_SECRET = 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j';
const VENDOR = [
  [
    'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559',
    'c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71',
  ],
  [
    'symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559',
    'e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3',
  ],
] as const;

const SECRET = 'sim-secret-0123456789abcdef';
const OURS = [
  ['apiKey=sim-key-0001&timestamp=1795132800000', '2b266496b0951384b3c367f0b2cfb6a2bd2df2cbf9413553eec3b1a320aeaf00'],
  [
    'symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&side=BUY&type=MARKET&quantity=10&timestamp=1795132800000',
    '000a56c53605ad6d0c5bdbd7ca51ebf0a046d4151b35f88a417e5c5a917d31e7',
  ],
] as const;

const ED25519 = 'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g';

describe('hmacSigner', () => {
  it.each(VENDOR)("signs the vendor's example %#", (payload, signature) => {
    expect(hmacSigner(new Secret(VENDOR_SECRET), 'hex')(payload)).toBe(signature);
  });

  it.each(OURS)('signs %s', (payload, signature) => {
    expect(hmacSigner(new Secret(SECRET), 'hex')(payload)).toBe(signature);
  });

  it.each(['sha256', 'sha384', 'sha512'] as const)('is the %s of the runtime for every length of text and key', (hash) => {
    for (const keyLength of [1, 27, 63, 64, 65, 128, 129, 300]) {
      const secret = 'kä'.repeat(keyLength).slice(0, keyLength);
      const sign = hmacSigner(new Secret(secret), 'hex', hash);
      for (const length of [0, 1, 55, 64, 400, 1023, 1024, 1025, 5000, 3]) {
        const text = 'x币=&'.repeat(length).slice(0, length);
        expect(sign(text)).toBe(createHmac(hash, secret).update(text).digest('hex'));
      }
    }
  });

  it('also gives base64', () => {
    const sign = hmacSigner(new Secret(SECRET), 'base64');
    expect(Buffer.from(sign(OURS[0][0]), 'base64').toString('hex')).toBe(OURS[0][1]);
  });
});

describe('keySigner', () => {
  it('signs with Ed25519, from base64 and from PEM', () => {
    const expected = 'sD44K4X3cLFbjYrJy8YHH7fXG2WIApmCY499wCHRiuPHxKk0wYSPJkqSWWPpi86EC+ij5aDX/zxQbnpBKVvdAg==';
    expect(keySigner(new Secret(ED25519))('apiKey=sim-key-0001&timestamp=1795132800000')).toBe(expected);
    const pem = `-----BEGIN PRIVATE KEY-----\n${ED25519}\n-----END PRIVATE KEY-----`;
    expect(keySigner(new Secret(pem))('apiKey=sim-key-0001&timestamp=1795132800000')).toBe(expected);
    const spot = '3Vi957aSrm5EGKbIdHpirsBcU/gwVzv2ZxV33pOP3HRazfKWeXb3iQQSlEwxsul/xuOGqWCwlp5efkuhWZIVAQ==';
    expect(
      keySigner(new Secret(ED25519))(
        'symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=0.01&price=50000&timestamp=1795132800000',
      ),
    ).toBe(spot);
  });

  it('signs with RSA as PKCS#1 v1.5 over SHA-256', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const signature = keySigner(new Secret(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()))('timestamp=1');
    expect(createVerify('RSA-SHA256').update('timestamp=1').verify(publicKey, signature, 'base64')).toBe(true);
    expect(verify('sha256', Buffer.from('timestamp=2'), publicKey, Buffer.from(signature, 'base64'))).toBe(false);
  });

  it('refuses other keys and what is no key, without showing it', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const ec = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => keySigner(new Secret(ec))).toThrow('is of type "ec"; use RSA or Ed25519');
    for (const text of ['CANARY-not-a-key', '-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----']) {
      const error = (() => {
        try {
          return keySigner(new Secret(text));
        } catch (caught) {
          return caught;
        }
      })();
      expect(String(error)).toContain('cannot be read');
      expect(inspect(error)).not.toContain('CANARY');
    }
  });
});
