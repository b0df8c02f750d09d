import type { RawFrame } from '@speed-protocol/core';
import { asRow, type Classified, defineNormalizer, type Row } from '@speed-protocol/wire';
import { BODIES } from './bodies.js';
import type { VenueId } from './config.js';
import { payloadOf } from './websocket/payloads.js';
import { privateReader } from './websocket/private.js';

/** Raw frames to events: channels of today and of captures, REST bodies. */
export const createNormalizer = defineNormalizer<VenueId>({ message: classifyMessage, bodies: BODIES });

function classifyMessage(message: Row, { raw }: RawFrame): Classified {
  const { id, method, result, error } = message;
  // Answers, whatever they are to, and the venue's own questions.
  if (id !== undefined || result !== undefined || error !== undefined || method === 'heartbeat') return { kind: 'control' };
  const { channel, data } = asRow(message.params);
  if (method !== 'subscription' || typeof channel !== 'string') {
    return { kind: 'unknown', topic: typeof method === 'string' ? method : Object.keys(message).join(',') };
  }
  const read = privateReader(channel);
  if (read) return { kind: 'private', make: (place) => read(data, place) };
  const payload = payloadOf(channel);
  if (!payload) return { kind: 'unknown', topic: channel };
  return { kind: 'pieces', reader: payload.reader, pieces: [{ text: raw, venueSymbol: payload.venueSymbol }] };
}
