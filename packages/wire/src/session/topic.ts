import type { GapReason, SpeedError } from '@speed-protocol/core';

/** What a connection needs to know about a thing to be subscribed. The session holds the desired state: a set of these. */
export interface Topic {
  /** Identity within one session, and what acknowledgements name. */
  readonly key: string;
  /** Text at each of the socket's routing paths in this topic's frames. */
  readonly parts: readonly string[];
  /** Silence that is suspicious; absent where silence is normal and only the connection's heartbeat is watched. */
  readonly staleAfterMs?: number | undefined;
  /** A connection is about to subscribe: makes the handler whose state lives and dies with that subscription. */
  attach(): Route;
  /** The venue confirmed, by an answer or by sending data. */
  acknowledged(route: Route): void;
  /** The subscription behind `route` is gone. */
  detached(route: Route, reason: GapReason): void;
  /** The venue refuses the topic for good; the session has already dropped it. */
  refused(error: SpeedError): void;
  /** A connection could not be made; the session keeps trying. */
  unreachable(error: SpeedError): void;
  /** True when `route` is the one that consumers hear; asked during a rotation. */
  isHeard(route: Route): boolean;
  /** A rotation waits no longer: `route` takes over now. */
  takeOver(route: Route): void;
  /** Silent for `staleAfterMs`: has the venue news that did not reach us? Absent: silence itself is the proof. */
  probe?(route: Route): Promise<'quiet' | 'moved'>;
}

/** Where the frames of one topic on one connection go. */
export interface Route {
  /** When this route last made progress (ms since epoch); written by the route, and by the session when it subscribes. */
  lastAt: number;
  /**
   * One frame, in the decoders' scratch buffer (`decodeLoaded(length)`).
   * @param receivedAt ms since epoch, taken before anything else
   * @returns false when it is not of the topic's shape: some venues name the topic in their answers where data name it
   */
  receive(length: number, receivedAt: number): boolean | void;
  /** The frame that {@link receive} has just returned false for is no answer either. */
  refused?(): void;
}
