import type { RawFrame } from '@speed-protocol/core';
import { asRow, type Classified, defineNormalizer, type Row } from '@speed-protocol/wire';
import { BODIES } from './bodies.js';
import type { VenueId } from './config.js';
import { instrumentsFromWire } from './symbols.js';
import { readerOfChannel } from './websocket/payloads.js';

/** Raw frames to events: channels of today and of captures, REST bodies. */
export const createNormalizer = defineNormalizer<VenueId>({ message: classifyMessage, bodies: BODIES });

function classifyMessage(message: Row, { raw }: RawFrame, venue: VenueId): Classified {
  const { event, op, data } = message;
  // Answers: to subscriptions and logins by `event`, to orders by `op`.
  if (event !== undefined || op !== undefined) return { kind: 'control' };
  const { channel, instId } = asRow(message.arg);
  const topic = String(channel ?? Object.keys(message).join(','));
  if (!Array.isArray(data)) return { kind: 'unknown', topic };
  if (topic === 'instruments') return { kind: 'instruments', make: () => instrumentsFromWire(venue, data) };
  const reader = readerOfChannel(topic);
  const piece = { text: raw, venueSymbol: typeof instId === 'string' ? instId : '' };
  return reader ? { kind: 'pieces', reader, pieces: [piece] } : { kind: 'unknown', topic };
}
