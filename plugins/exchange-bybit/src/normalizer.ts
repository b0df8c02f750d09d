import type { Normalizer, NormalizerOptions, RawFrame } from '@speed-protocol/core';
import {
  type Classified,
  createNormalizer as createTableNormalizer,
  type PrivatePlace,
  type Resolve,
} from '@speed-protocol/wire';
import { classifyBody } from './bodies.js';
import type { VenueId } from './config.js';
import { categoryOf } from './symbols.js';
import { payloadOf } from './websocket/payloads.js';
import { isPrivate, privateEvents } from './websocket/private.js';

/** Raw frames to events: topics of today and of captures, private ones too, and REST bodies. */
export function createNormalizer(venue: VenueId, options: NormalizerOptions): Normalizer {
  const classify = (message: unknown, frame: RawFrame) =>
    frame.transport === 'rest' ? classifyBody(venue, message, frame) : classifyMessage(message, frame);
  return createTableNormalizer({ venue, classify, productOf: categoryOf }, options);
}

interface Message {
  readonly op?: unknown;
  readonly success?: unknown;
  readonly topic?: unknown;
  readonly type?: unknown;
  readonly data?: unknown;
}

function classifyMessage(message: unknown, { raw, url, ts }: RawFrame): Classified {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    return { kind: 'unknown', topic: Array.isArray(message) ? 'list' : String(message) };
  }
  const { op, success, topic, type, data } = message as Message;
  // Answers: to subscriptions, logins and pings, to orders by `op` too.
  if (op !== undefined || success !== undefined) return { kind: 'control' };
  if (typeof topic !== 'string') return { kind: 'unknown', topic: Object.keys(message).join(',') };
  if (isPrivate(topic)) return { kind: 'private', make: (resolve) => privateEvents(message, placeOf(resolve, ts)) };
  const product = url === null ? undefined : /\/public\/(\w+)/.exec(url)?.[1];
  const reader = isWhole(topic, data) ? payloadOf(topic, { type, product }) : undefined;
  if (!reader) return { kind: 'unknown', topic };
  const venueSymbol = topic.slice(topic.lastIndexOf('.') + 1);
  return { kind: 'pieces', reader, pieces: [{ text: raw, venueSymbol, product }] };
}

/** Private rows name their instrument by the product and its id. */
function placeOf(resolve: Resolve, ts: number | null): PrivatePlace {
  const { venue } = resolve('');
  const symbolOf = (key: string) => {
    const [product = '', venueSymbol = ''] = key.split(':');
    return resolve(venueSymbol, product || undefined).symbol;
  };
  return { venue, receivedAt: ts ?? 0, symbolOf };
}

/** Examples in documents leave prices out. */
function isWhole(topic: string, data: unknown): boolean {
  if (!topic.startsWith('kline.')) return data !== undefined;
  return Array.isArray(data) && data.every((row: object) => 'open' in row);
}
