import type { RawFrame } from '@speed-protocol/core';
import { type Classified, defineNormalizer, type Row } from '@speed-protocol/wire';
import { BODIES } from './bodies.js';
import type { VenueId } from './config.js';
import { categoryOf } from './symbols.js';
import { payloadOf } from './websocket/payloads.js';
import { isPrivate, privateEvents } from './websocket/private.js';

/** Raw frames to events: topics of today and of captures, private ones too, and REST bodies. */
export const createNormalizer = defineNormalizer<VenueId>({ message: classifyMessage, bodies: BODIES, productOf: categoryOf });

function classifyMessage(message: Row, { raw, url }: RawFrame): Classified {
  const { op, success, topic, type, data } = message;
  // Answers: to subscriptions, logins and pings, to orders by `op` too.
  if (op !== undefined || success !== undefined) return { kind: 'control' };
  if (typeof topic !== 'string') return { kind: 'unknown', topic: Object.keys(message).join(',') };
  if (isPrivate(topic)) return { kind: 'private', make: (place) => privateEvents(message, place) };
  const product = url === null ? undefined : /\/public\/(\w+)/.exec(url)?.[1];
  const reader = isWhole(topic, data) ? payloadOf(topic, { type, product }) : undefined;
  if (!reader) return { kind: 'unknown', topic };
  const venueSymbol = topic.slice(topic.lastIndexOf('.') + 1);
  return { kind: 'pieces', reader, pieces: [{ text: raw, venueSymbol, product }] };
}

/** Examples in documents leave prices out. */
function isWhole(topic: string, data: unknown): boolean {
  if (!topic.startsWith('kline.')) return data !== undefined;
  return Array.isArray(data) && data.every((row: object) => 'open' in row);
}
