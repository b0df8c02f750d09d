import type { RawFrame } from '@speed-protocol/core';
import { type Classified, defineNormalizer, type Piece, type Row } from '@speed-protocol/wire';
import { BODIES, isObject } from './bodies.js';
import type { VenueId } from './config.js';
import { SHAPES } from './websocket/frames.js';
import { BARE, type PayloadKind, READERS } from './websocket/payloads.js';
import { isPrivate, payloadOf, privateEvents } from './websocket/private.js';

/** Raw frames of a venue to events: live and old shapes, combined and bare, lists, REST bodies. */
export const createNormalizer = defineNormalizer<VenueId>({ message: classifyMessage, lists: true, bodies: BODIES });

/** The kind of a payload by its `e`, which shapes declare; that of books is told by their fields. */
const KINDS: Readonly<Record<string, PayloadKind>> = {
  ...Object.fromEntries(Object.entries(SHAPES).flatMap(([kind, shape]) => ('e' in shape ? [[shape.e.value, kind]] : []))),
  bookTicker: 'quote',
};

function classifyMessage(message: object, frame: RawFrame): Classified {
  // What happened to an account, with or without the wrappers of subscriptions and combined streams.
  const own = payloadOf(message);
  if (isPrivate(own)) return { kind: 'private', make: (place) => privateEvents(own, place) ?? [] };
  if (!isObject(message)) return classifyList(message as readonly unknown[], streamOf(frame.url));
  const { stream, data } = message;
  if (typeof stream === 'string' && Array.isArray(data)) return classifyList(data, stream);
  if (typeof stream === 'string' && isObject(data)) return classifyPayload(data, stream, frame.raw, READERS);
  if (isControl(message)) return { kind: 'control' };
  return classifyPayload(message, streamOf(frame.url), frame.raw, BARE);
}

function classifyPayload(payload: Row, stream: string | undefined, text: string, readers: typeof BARE): Classified {
  if ((payload['e'] ?? eventOf(payload)) === 'serverShutdown') return { kind: 'control' };
  const kind = kindOf(payload, stream);
  if (!kind) return { kind: 'unknown', topic: topicOf(payload, stream) };
  return { kind: 'pieces', reader: readers[kind], pieces: [pieceOf(payload, stream, text)] };
}

/** A market stream's name, else the event's: private streams are named by a listen key, which is nobody's business. */
function topicOf(payload: Row, stream: string | undefined): string {
  if (stream !== undefined && /^!|@/.test(stream)) return stream;
  return String(payload['e'] ?? eventOf(payload) ?? Object.keys(payload).join(','));
}

/** All-market streams send lists of one kind of payload. */
function classifyList(rows: readonly unknown[], stream: string | undefined): Classified {
  const payloads = rows.filter(isObject);
  const kinds = new Set(payloads.map((payload) => kindOf(payload, undefined)));
  const [kind] = kinds;
  if (kind === undefined || kinds.size > 1 || payloads.length < rows.length) {
    return { kind: 'unknown', topic: topicOf(payloads[0] ?? {}, stream) || 'empty list' };
  }
  const pieces = payloads.map((payload) => pieceOf(payload, undefined, JSON.stringify(payload)));
  return { kind: 'pieces', reader: BARE[kind], pieces };
}

/** The futures' all-market feeds have carried both products since 2026-06-30, told apart by `st`. */
const PRODUCTS: Readonly<Record<string, VenueId>> = { 1: 'binanceusdm', 2: 'binancecoinm' };

function pieceOf(payload: Row, stream: string | undefined, text: string): Piece {
  return { text, venueSymbol: symbolOf(payload, stream), venue: PRODUCTS[String(payload['st'])] };
}

function kindOf(payload: Row, stream: string | undefined): PayloadKind | undefined {
  const { e } = payload;
  if (e === 'depthUpdate') {
    if (!('pu' in payload)) return 'spotDepth';
    // `btcusdt@depth20@100ms`, not `btcusdt@depth@100ms`.
    return /@depth\d/.test(stream ?? '') ? 'futuresBook' : 'futuresDepth';
  }
  if (typeof e === 'string') return KINDS[e];
  if ('lastUpdateId' in payload && 'bids' in payload) return 'spotBook';
  return 'u' in payload && 'b' in payload && 'B' in payload ? 'quote' : undefined;
}

/** As sent in the payload, or what the stream's name says in lower case. */
function symbolOf(payload: Row, stream: string | undefined): string {
  const order = payload['o'];
  const sent = payload['s'] ?? (isObject(order) ? order['s'] : undefined);
  if (typeof sent === 'string') return sent;
  return stream === undefined || stream.startsWith('!') ? '' : (stream.split('@')[0] as string).toUpperCase();
}

/** The one stream that a raw connection carries: the last part of `/ws/<stream>`. */
function streamOf(url: string | null): string | undefined {
  const stream = url === null ? undefined : /\/ws\/([^/?]+)$/.exec(url)?.[1];
  return stream?.includes('@') || stream?.startsWith('!') ? stream : undefined;
}

/** Answers to requests, on streams and on the order socket: an id with a result, or an error. */
function isControl(message: Row): boolean {
  if ('e' in message) return false;
  return 'result' in message || 'error' in message || ('code' in message && 'msg' in message) || 'rateLimits' in message;
}

/** Private events of the order socket come in a wrapper of their own. */
function eventOf(message: Row): unknown {
  const { event } = message;
  return isObject(event) ? event['e'] : undefined;
}
