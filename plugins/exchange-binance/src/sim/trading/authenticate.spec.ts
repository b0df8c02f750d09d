import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { Account, type Accounts } from '@speed-protocol/simulator';
import { describe, expect, it } from 'vitest';
import { Params } from '../rest/params.js';
import type { VenueError } from '../venue-error.js';
import { authenticate } from './authenticate.js';

const NOW = 1_795_132_800_000;
const SECRET = 'sim-secret-0123456789abcdef';
const KEY = 'sim-key-0001';
const ED25519 =
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----';

function ask(payload: string, signature: string, { now = NOW, publicKey = '', apiKey = KEY, more = {} } = {}) {
  const account = new Account('one', { apiKey: KEY, secret: SECRET });
  if (publicKey) account.publicKey = publicKey;
  const accounts = { byKey: (key: string) => (key === KEY ? account : undefined) } as Accounts;
  const params = Params.of({ ...Object.fromEntries(new URLSearchParams(payload)), ...more, signature });
  try {
    return authenticate({ accounts, apiKey, payloads: [payload], params, now }).account.id;
  } catch (error) {
    return (error as VenueError).code;
  }
}

const hmac = (text: string) => createHmac('sha256', SECRET).update(text).digest('hex');

describe('Signatures', () => {
  it.each([
    [
      'symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001&price=50000&recvWindow=5000&timestamp=1795132800000',
      '64ea5665e8d09fbf82c0f20d4ad562bf2b01cd5b29feeeacb340154a7857ade9',
    ],
    [
      'symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTCquantity=1&price=9000&recvWindow=60000&timestamp=1795132800000',
      '4b3009354c7a12997148f335076c43b307c042664726f8109ad4f08cff839d3e',
    ],
    [
      'symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=0.01&price=50000&timestamp=1795132800000',
      'a3cb0cb6c949f68c2bc5d732ce249a92f49fccfc069a6c084428a019068e4ef3',
    ],
    [
      'symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&side=BUY&type=MARKET&quantity=10&timestamp=1795132800000',
      '000a56c53605ad6d0c5bdbd7ca51ebf0a046d4151b35f88a417e5c5a917d31e7',
    ],
  ])('%s', (payload, signature) => {
    expect(ask(payload, signature)).toBe('one');
    expect(ask(payload, signature.toUpperCase())).toBe('one');
    expect(ask(payload.replace('BUY', 'SELL'), signature)).toBe(-1022);
    expect(
      ask(
        payload,
        signature.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
      ),
    ).toBe(-1022);
  });

  it('Ed25519 and RSA need the public key to be known', () => {
    const payload = `apiKey=${KEY}&timestamp=${NOW}`;
    const signature = 'sD44K4X3cLFbjYrJy8YHH7fXG2WIApmCY499wCHRiuPHxKk0wYSPJkqSWWPpi86EC+ij5aDX/zxQbnpBKVvdAg==';
    const publicKey = createPublicKey(ED25519).export({ type: 'spki', format: 'pem' }) as string;
    expect(ask(payload, signature, { publicKey })).toBe('one');
    expect(ask(payload, signature)).toBe(-1022);
    expect(ask(`${payload}1`, signature, { publicKey })).not.toBe('one');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const signed = sign('sha256', Buffer.from(payload), rsa.privateKey).toString('base64');
    expect(ask(payload, signed, { publicKey: pem })).toBe('one');
    expect(ask(payload, signed, { publicKey })).toBe(-1022);
  });
});

describe('Keys and times', () => {
  const at = (timestamp: number | string, more = {}) => {
    const payload = new URLSearchParams({ timestamp: String(timestamp), ...more }).toString();
    return ask(payload, hmac(payload));
  };

  it.each([
    ['in time', NOW, {}, 'one'],
    ['just in the window', NOW - 5000, {}, 'one'],
    ['just out of it', NOW - 5001, {}, -1021],
    ['in a wider one', NOW - 60_000, { recvWindow: '60000' }, 'one'],
    ['in a window with a fraction', NOW - 5, { recvWindow: '5.5' }, 'one'],
    ['out of it', NOW - 6, { recvWindow: '5.5' }, -1021],
    ['a little ahead', NOW + 999, {}, 'one'],
    ['too far ahead', NOW + 1000, {}, -1021],
    ['in microseconds', `${NOW}123`, {}, 'one'],
    ['no number', 'soon', {}, -1100],
    ['a window too wide', NOW, { recvWindow: '60001' }, -1131],
  ] as const)('%s', (_, timestamp, more, answer) => {
    expect(at(timestamp, more)).toBe(answer);
  });

  it('says what is missing, and that a key is not known', () => {
    const payload = `timestamp=${NOW}`;
    expect(ask(payload, hmac(payload), { apiKey: '' })).toBe(-2014);
    expect(ask(payload, hmac(payload), { apiKey: 'nobody' })).toBe(-2015);
    expect(ask('a=1', hmac('a=1'))).toBe(-1102);
    expect(ask(payload, '')).toBe(-1102);
  });
});
