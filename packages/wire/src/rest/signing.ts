import type { KeyObject } from 'node:crypto';
import { type Secret, SpeedError } from '@speed-protocol/core';

/** Turns the text that a venue wants signed into the signature as text. Holds the key; never gives it away. */
export type Signer = (payload: string) => string;

export type SignatureEncoding = 'hex' | 'base64';

/** Loaded when the first key is used: it takes a good part of the time that a whole plugin may take to import. */
const crypto = () => process.getBuiltinModule('node:crypto');

/**
 * HMAC over UTF-8 text. The secret is read at the first signature and kept in a form that prints as nothing. SHA-256, which
 * nearly every venue wants, goes by one-shot hashes: two thirds of the time of a HMAC object.
 */
export function hmacSigner(secret: Secret, encoding: SignatureEncoding, hash: 'sha256' | 'sha384' | 'sha512' = 'sha256'): Signer {
  let sign: Signer | undefined;
  return (payload) => {
    sign ??= hash === 'sha256' ? oneShotHmac(secret, encoding) : streamedHmac(secret, encoding, hash);
    return sign(payload);
  };
}

function streamedHmac(secret: Secret, encoding: SignatureEncoding, hash: string): Signer {
  const { createHmac, createSecretKey } = crypto();
  const key = createSecretKey(Buffer.from(secret.reveal()));
  return (payload) => createHmac(hash, key).update(payload).digest(encoding);
}

/** SHA-256 works on blocks of 64 bytes. */
const BLOCK = 64;
const DIGEST = 32;
/** Payloads up to this length, in UTF-16 units, which are up to three bytes each. */
const SHORT = 1024;

/** H((key ^ opad) || H((key ^ ipad) || text)), RFC 2104. */
function oneShotHmac(secret: Secret, encoding: SignatureEncoding): Signer {
  const { hash } = crypto();
  const long = streamedHmac(secret, encoding, 'sha256');
  const inner = Buffer.alloc(BLOCK + 3 * SHORT, 0x36);
  const outer = Buffer.alloc(BLOCK + DIGEST, 0x5c);
  const given = Buffer.from(secret.reveal());
  const key = given.length <= BLOCK ? given : hash('sha256', given, 'buffer');
  key.forEach((byte, i) => {
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  });
  const start = inner.toString('latin1', 0, BLOCK);
  // Text is hashed as UTF-8, which is the same bytes when the padded key is ASCII: nothing to copy then.
  if (inner.subarray(0, BLOCK).every((byte) => byte < 0x80)) {
    return (payload) => {
      putBytes(outer, BLOCK, hash('sha256', start + payload, 'binary'));
      return hash('sha256', outer, encoding);
    };
  }
  return (payload) => {
    if (payload.length > SHORT) return long(payload);
    const length = BLOCK + inner.write(payload, BLOCK, 'utf8');
    putBytes(outer, BLOCK, hash('sha256', inner.subarray(0, length), 'binary'));
    return hash('sha256', outer, encoding);
  };
}

/** One by one: for a few bytes the call that writes them all costs more. @param text a character for each byte */
function putBytes(buffer: Buffer, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) buffer[at + i] = text.charCodeAt(i);
}

/** What kind of private key it is; some logins take Ed25519 only. @throws SpeedError `config` when it cannot be read */
export function keyTypeOf(privateKey: Secret): string {
  return readKey(privateKey).asymmetricKeyType ?? '';
}

/**
 * RSA (PKCS#1 v1.5, SHA-256) or Ed25519, whichever the key is. `privateKey` is PEM, or the base64 of a PKCS#8 key.
 * @throws SpeedError `config` when the text is no private key of these kinds; the key is not in the message
 */
export function keySigner(privateKey: Secret, encoding: SignatureEncoding = 'base64'): Signer {
  const key = readKey(privateKey);
  const digest = DIGEST_OF_KEY[key.asymmetricKeyType ?? ''];
  if (digest === undefined) {
    throw new SpeedError('config', `the private key is of type "${key.asymmetricKeyType}"; use RSA or Ed25519`);
  }
  return (payload) => crypto().sign(digest, Buffer.from(payload), key).toString(encoding);
}

/** Digest to hand to the signer; Ed25519 hashes by itself. */
const DIGEST_OF_KEY: Readonly<Record<string, string | null>> = { rsa: 'sha256', ed25519: null };

function readKey(privateKey: Secret): KeyObject {
  const text = privateKey.reveal().trim();
  try {
    if (text.startsWith('-----')) return crypto().createPrivateKey(text);
    return crypto().createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
  } catch {
    throw new SpeedError(
      'config',
      'the private key cannot be read: give PEM text, or base64 of a PKCS#8 key, without a pass phrase',
    );
  }
}
