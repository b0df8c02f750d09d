import type { SpeedEvent } from '@speed-protocol/core';
import type {
  DialectHost,
  Peer,
  PeerHandler,
  RecordedDoor,
  SimRequest,
  SimResponse,
  Venue,
  VenueEndpoints,
} from '@speed-protocol/simulator';
import { say, VenueError } from '../venue-error.js';
import { OkxServer } from '../venue-server.js';
import { RecordedPublisher } from './publisher.js';

/** What REST answers as ever: nothing in it is of a market. */
const PLAIN = /\/public\/(time|instruments)$/;
const BOOKS = /\/market\/books(?:-full)?$/;

/** The venue's doors with a recording behind them: its streams, its books, and nothing that was not recorded. */
export class RecordedServer implements RecordedDoor {
  readonly #publisher = new RecordedPublisher();
  readonly #inner: OkxServer;

  constructor(venue: Venue, host: DialectHost) {
    this.#inner = new OkxServer(venue, host, this.#publisher);
  }

  get streams(): number {
    return this.#publisher.streams;
  }

  play(event: SpeedEvent): number {
    return this.#publisher.publish(event);
  }

  request(request: SimRequest): SimResponse {
    if (PLAIN.test(request.path)) return this.#inner.request(request);
    try {
      if (!BOOKS.test(request.path)) throw new VenueError('50000', 'A recording is played here: streams and books are all.', 404);
      return { status: 200, body: JSON.stringify({ code: '0', msg: '', data: [this.#book(request.query)] }) };
    } catch (error) {
      if (error instanceof VenueError) return error.toResponse();
      throw error;
    }
  }

  admit(request: SimRequest): SimResponse | undefined {
    return this.#inner.admit(request);
  }

  connect(peer: Peer): PeerHandler {
    return this.#inner.connect(peer);
  }

  endpoints(http: string, ws: string): VenueEndpoints {
    const { rest, ws: sockets } = this.#inner.endpoints(http, ws);
    const { public: open, market } = sockets;
    return { rest, ws: { public: open, ...(market !== undefined && { market }) } };
  }

  failure(status: number): SimResponse {
    return this.#inner.failure(status);
  }

  #book(query: URLSearchParams): unknown {
    const book = this.#publisher.book(query.get('instId') ?? '');
    if (book.sequence < 0) throw say.noInstrument();
    const { bids, asks } = book.top(Math.max(1, Number(query.get('sz') ?? 1)));
    const levels = (pairs: readonly (readonly [string, string])[]) => pairs.map(([price, size]) => [price, size, '0', '1']);
    return { asks: levels(asks), bids: levels(bids), ts: String(book.time ?? ''), seqId: book.sequence };
  }
}
