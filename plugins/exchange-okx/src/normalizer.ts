import type { RawFrame } from '@speed-protocol/core';
import { type Classified, defineNormalizer, type Row } from '@speed-protocol/wire';
import { BODIES } from './bodies.js';
import type { VenueId } from './config.js';
import { instrumentsFromWire } from './symbols.js';
import { readerOfChannel } from './websocket/payloads.js';

interface Message {
  readonly event?: unknown;
  readonly op?: unknown;
  readonly arg?: { readonly channel?: unknown; readonly instId?: unknown };
  readonly data?: unknown;
}

/** Raw frames to events: channels of today and of captures, REST bodies. */
export const createNormalizer = defineNormalizer<VenueId>({ message: classifyMessage, bodies: BODIES });

function classifyMessage(message: Message, { raw }: RawFrame, venue: VenueId): Classified {
  const { event, op, arg, data } = message;
  // Answers: to subscriptions and logins by `event`, to orders by `op`.
  if (event !== undefined || op !== undefined) return { kind: 'control' };
  const channel = String(arg?.channel ?? Object.keys(message).join(','));
  if (!Array.isArray(data)) return { kind: 'unknown', topic: channel };
  if (channel === 'instruments') {
    return { kind: 'instruments', make: () => instrumentsFromWire(venue, data as readonly Row[]) };
  }
  const reader = readerOfChannel(channel);
  const piece = { text: raw, venueSymbol: typeof arg?.instId === 'string' ? arg.instId : '' };
  return reader ? { kind: 'pieces', reader, pieces: [piece] } : { kind: 'unknown', topic: channel };
}
