import type { Accounts } from '../accounts/accounts.js';

/** An HTTP request as a dialect sees it. */
export interface SimRequest {
  readonly method: string;
  /** Path without the query, e.g. `/api/v3/depth`. */
  readonly path: string;
  /** The query exactly as sent, without `?`. */
  readonly rawQuery: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** Address of the client: rate limits are per address. */
  readonly remote: string;
}

/** What a request did, or tried to do, with an order: faults are aimed by it, and say what they hit. */
export interface OrderAct {
  readonly action: 'place' | 'amend' | 'cancel';
  readonly account: string;
  /** The venue's own symbol. */
  readonly symbol: string;
  readonly orderId?: string | undefined;
  readonly clientId?: string | undefined;
  /** False: the venue refused. */
  readonly done: boolean;
}

export interface SimResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** Orders that the request was about. */
  readonly orders?: readonly OrderAct[];
}

/** The answer to a request that was about orders, on a socket. */
export interface SocketAnswer {
  readonly orders: readonly OrderAct[];
  /** The venue's way of saying an HTTP error on this socket. */
  failure(status: number): string;
}

/** One client's WebSocket, as a dialect sees it. Sending to a closed one does nothing. */
export interface Peer {
  /** Unique in a simulation, rising. */
  readonly id: number;
  /** Path and query of the upgrade request. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly remote: string;
  /** `topic` names what the message belongs to, so that faults can be aimed: books have `depth` in it on every venue. */
  send(text: string, topic?: string): void;
  /** As {@link send}, for what the venue has done with orders. */
  answer(text: string, answer: SocketAnswer): void;
  ping(payload?: string): void;
  /** Closing handshake. */
  close(code: number, reason: string): void;
  /** Ends the TCP connection without a word. */
  terminate(): void;
}

/** What a dialect does with one connection. */
export interface PeerHandler {
  onMessage(text: string): void;
  onPing?(): void;
  onPong?(payload: string): void;
  onClose?(): void;
}

/** Ways into a venue as `speed sim --json` prints them; what a venue lacks is absent. */
export interface VenueEndpoints {
  readonly rest: Readonly<Record<string, string>>;
  readonly ws: { readonly public: string; readonly market?: string; readonly private?: string; readonly trade?: string };
  readonly credentials?: { readonly apiKey: string; readonly secret: string; readonly password?: string };
}

/** One venue's REST and WebSocket doors. */
export interface VenueServer {
  /** The venue's accounts, where it has a trading half. */
  readonly accounts?: Accounts;
  /** What a new account gets when nobody says what: decimal text per asset. */
  readonly deposits?: Readonly<Record<string, string>>;
  request(request: SimRequest): SimResponse;
  /** Looks at an upgrade request; an answer refuses it. */
  admit?(request: SimRequest): SimResponse | undefined;
  connect(peer: Peer): PeerHandler;
  /** @param http origin such as `http://127.0.0.1:8100` @param ws the same as `ws://` */
  endpoints(http: string, ws: string): VenueEndpoints;
  /** The venue's way of saying an HTTP error: 418, 429, 5xx. */
  failure(status: number, retryAfterSeconds: number): SimResponse;
  /** Says goodbye before maintenance, on venues that do. */
  announceShutdown?(): void;
  /** Ends all listen keys, logged-in sessions and user-data subscriptions. @returns how many there were */
  expireKeys?(): number;
}
