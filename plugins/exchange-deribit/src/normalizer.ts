import type { Normalizer, NormalizerOptions, RawFrame } from '@speed-protocol/core';
import { type Classified, createNormalizer as createTableNormalizer } from '@speed-protocol/wire';
import { classifyBody, privately } from './bodies.js';
import type { VenueId } from './config.js';
import { payloadOf } from './websocket/payloads.js';
import { privateReader } from './websocket/private.js';

/** Raw frames to events: channels of today and of captures, REST bodies. */
export function createNormalizer(venue: VenueId, options: NormalizerOptions): Normalizer {
  const classify = (message: unknown, frame: RawFrame) =>
    frame.transport === 'rest' ? classifyBody(venue, message, frame) : classifyMessage(venue, message, frame);
  return createTableNormalizer({ venue, classify }, options);
}

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
  readonly params?: { readonly channel?: unknown; readonly data?: unknown };
}

function classifyMessage(venue: VenueId, message: unknown, { raw, ts }: RawFrame): Classified {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    return { kind: 'unknown', topic: Array.isArray(message) ? 'list' : String(message) };
  }
  const { id, method, result, error, params } = message as Message;
  // Answers, whatever they are to, and the venue's own questions.
  if (id !== undefined || result !== undefined || error !== undefined || method === 'heartbeat') return { kind: 'control' };
  const channel = params?.channel;
  if (method !== 'subscription' || typeof channel !== 'string') {
    return { kind: 'unknown', topic: typeof method === 'string' ? method : Object.keys(message).join(',') };
  }
  const read = privateReader(channel);
  if (read) return privately(venue, ts, (place) => read(params?.data, place));
  const payload = payloadOf(channel);
  if (!payload) return { kind: 'unknown', topic: channel };
  return { kind: 'pieces', reader: payload.reader, pieces: [{ text: raw, venueSymbol: payload.venueSymbol }] };
}
