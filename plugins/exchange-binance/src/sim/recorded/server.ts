import type { SpeedEvent } from '@speed-protocol/core';
import {
  type DialectHost,
  type Peer,
  type PeerHandler,
  RecordedBook,
  type RecordedDoor,
  type SimRequest,
  type SimResponse,
  type VenueEndpoints,
  type VenueServer,
} from '@speed-protocol/simulator';
import type { Product } from '../products.js';
import { StreamSession } from '../streams/session.js';
import { pairOf } from '../text.js';
import { say, VenueError } from '../venue-error.js';
import { RecordedPublisher } from './publisher.js';

/** What REST answers as ever: nothing in it is of a market. */
const PLAIN = /\/(ping|time|exchangeInfo|fundingInfo)$/;
const DEPTH = /\/depth$/;
const DAY = 86_400_000;

/** One product's doors with a recording behind them: its streams, its books, and nothing that was not recorded. */
export class RecordedServer implements RecordedDoor {
  readonly #product: Product;
  readonly #inner: VenueServer;
  readonly #host: DialectHost;
  readonly #publisher: RecordedPublisher;
  readonly #books = new Map<string, RecordedBook>();

  constructor(product: Product, inner: VenueServer, host: DialectHost) {
    this.#product = product;
    this.#inner = inner;
    this.#host = host;
    this.#publisher = new RecordedPublisher(product);
  }

  get streams(): number {
    return this.#publisher.streams;
  }

  play(event: SpeedEvent): number {
    const book = this.#book(event.venueSymbol);
    if (event.type === 'depth') book.apply(event);
    return this.#publisher.publish(event, book);
  }

  request(request: SimRequest): SimResponse {
    if (PLAIN.test(request.path)) return this.#inner.request(request);
    try {
      if (DEPTH.test(request.path)) return { status: 200, body: JSON.stringify(this.#depth(request.query)) };
      throw new VenueError(-1000, 'A recording is played here: streams and /depth are all there is.', 404);
    } catch (error) {
      if (error instanceof VenueError) return error.toResponse();
      throw error;
    }
  }

  admit(request: SimRequest): SimResponse | undefined {
    return this.#inner.admit?.(request);
  }

  connect(peer: Peer): PeerHandler {
    const { messagesPerSecond, pingMs, pongMs } = this.#product;
    const { clock } = this.#host;
    const heartbeat = { clock, lifetimeMs: DAY, pingMs, pongMs, messagesPerSecond };
    return new StreamSession(peer, { product: this.#product, publisher: this.#publisher, heartbeat });
  }

  endpoints(http: string, ws: string): VenueEndpoints {
    const { rest, ws: sockets } = this.#inner.endpoints(http, ws);
    const { public: open, market } = sockets;
    return { rest, ws: { public: open, ...(market !== undefined && { market }) } };
  }

  failure(status: number, retryAfterSeconds: number): SimResponse {
    return this.#inner.failure(status, retryAfterSeconds);
  }

  #book(venueSymbol: string): RecordedBook {
    let book = this.#books.get(venueSymbol);
    if (book === undefined) {
      book = new RecordedBook();
      this.#books.set(venueSymbol, book);
    }
    return book;
  }

  #depth(query: URLSearchParams): unknown {
    const venueSymbol = query.get('symbol') ?? '';
    const book = this.#books.get(venueSymbol);
    if (book === undefined || book.sequence < 0) throw say.badSymbol();
    const limit = Number(query.get('limit') ?? this.#product.depthDefault);
    if (!Number.isInteger(limit) || limit < 1) throw say.invalid('limit');
    const { bids, asks } = book.top(limit);
    const { family } = this.#product;
    return {
      lastUpdateId: book.sequence,
      ...(family !== 'spot' && { E: book.time, T: book.time }),
      ...(family === 'inverse' && { symbol: venueSymbol, pair: pairOf(venueSymbol) }),
      bids,
      asks,
    };
  }
}
