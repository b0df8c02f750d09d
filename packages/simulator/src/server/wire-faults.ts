import type { OrderAct, SimRequest, SimResponse } from './exchange.js';
import type { SocketPeer } from './socket-peer.js';

/** What may happen to messages between a venue and a client. */
export interface SocketFaults {
  /** Hands the message on: at once, later, changed, twice or never. */
  pass(peer: SocketPeer, data: Buffer, topic: string | undefined, write: (data: Buffer) => void): void;
  /** True while a connection says nothing, not even pings and pongs. */
  silent(peer: SocketPeer): boolean;
  /** How long a client's message is on its way, ms; 0 as a rule. */
  delayOf(peer: SocketPeer, text: string): number;
}

/** What may happen to a request before or instead of an answer. */
export interface RequestFate {
  /** Sent instead of the venue's answer. */
  readonly answer?: SimResponse | undefined;
  /** The connection is cut without an answer. */
  readonly cut?: boolean | undefined;
  /** The request is never answered. */
  readonly hang?: boolean | undefined;
  readonly delayMs?: number | undefined;
}

/** What may happen to the answer of a request that has been carried out. */
export interface AnswerFate {
  /** The connection is cut without an answer. */
  readonly cut?: boolean | undefined;
  /** HTTP status said instead of the answer. */
  readonly failure?: number | undefined;
  readonly twice?: boolean | undefined;
  readonly delayMs?: number | undefined;
}

export interface AnswerFaults {
  /** Decides once the venue has acted on orders. `peer`: the socket that asked. */
  answerFate(
    where: { readonly venue: string; readonly path: string; readonly peer?: number },
    orders: readonly OrderAct[],
  ): AnswerFate;
}

export interface RequestFaults {
  /** Decides before the venue sees the request. */
  fate(venue: string, request: SimRequest, failure: (status: number, retryAfterSeconds: number) => SimResponse): RequestFate;
}
