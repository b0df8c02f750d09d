import type { Normalizer, NormalizerOptions, RawFrame } from '@speed-protocol/core';
import { type Classified, createNormalizer as createTableNormalizer } from '@speed-protocol/wire';
import { classifyBody } from './bodies.js';
import type { VenueId } from './config.js';
import { instrumentsFromWire } from './symbols.js';
import type { WireInstrument } from './types.js';
import { readerOfChannel } from './websocket/channels.js';

/** Raw frames to events: channels of today and of captures, REST bodies. */
export function createNormalizer(venue: VenueId, options: NormalizerOptions): Normalizer {
  const classify = (message: unknown, frame: RawFrame) =>
    frame.transport === 'rest' ? classifyBody(venue, message, frame) : classifyMessage(venue, message, frame);
  return createTableNormalizer({ venue, classify }, options);
}

interface Message {
  readonly event?: unknown;
  readonly op?: unknown;
  readonly arg?: { readonly channel?: unknown; readonly instId?: unknown };
  readonly data?: unknown;
}

function classifyMessage(venue: VenueId, message: unknown, { raw }: RawFrame): Classified {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    return { kind: 'unknown', topic: Array.isArray(message) ? 'list' : String(message) };
  }
  const { event, op, arg, data } = message as Message;
  // Answers: to subscriptions and logins by `event`, to orders by `op`.
  if (event !== undefined || op !== undefined) return { kind: 'control' };
  const channel = String(arg?.channel ?? Object.keys(message).join(','));
  if (!Array.isArray(data)) return { kind: 'unknown', topic: channel };
  if (channel === 'instruments') {
    return { kind: 'instruments', make: () => instrumentsFromWire(venue, data as readonly WireInstrument[]) };
  }
  const reader = readerOfChannel(channel);
  const piece = { text: raw, venueSymbol: typeof arg?.instId === 'string' ? arg.instId : '' };
  return reader ? { kind: 'pieces', reader, pieces: [piece] } : { kind: 'unknown', topic: channel };
}
