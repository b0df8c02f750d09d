import type { SpeedError } from '@speed-protocol/core';
import type { Topic } from './topic.js';

/** How one kind of socket of a venue is spoken: data only, one row per socket in the plugin's table. */
export interface SocketSpec {
  /** Name in logs and in `connections()`, e.g. `public`. */
  readonly name: string;
  /** Fixed address, or a function for venues that hand out a token per connection. */
  readonly url: string | (() => Promise<string>);
  /** Where the routing text sits in a data frame, e.g. `[['stream']]` or `[['arg', 'channel'], ['arg', 'instId']]`. */
  readonly routing: readonly (readonly string[])[];
  readonly commands: SocketCommands;
  readonly heartbeat: Heartbeat;
  readonly limits: SocketLimits;
  /** The venue cuts connections of this age; they are replaced (make before break) some minutes earlier. */
  readonly maxAgeMs?: number;
}

export interface SocketLimits {
  /** More topics open another connection. */
  readonly topicsPerConnection: number;
  readonly topicsPerMessage: number;
  /** Messages that we may send in any 1000 ms, pings included. What is too much waits; nothing is dropped. */
  readonly messagesPerSecond: number;
}

/**
 * Proof of life. Server ping frames are always answered. When nothing has come in for `everyMs` (`when: 'idle'`), or
 * every `everyMs` (`'always'`, for venues that demand it), `message` is sent, or a ping frame where it is absent;
 * a connection on which nothing at all arrives for `timeoutMs` after that is cut.
 */
export interface Heartbeat {
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly when: 'idle' | 'always';
  /** Text or JSON ping, e.g. `() => 'ping'` or `(id) => JSON.stringify({ id, type: 'ping' })`. */
  readonly message?: (id: number) => string;
}

export interface SocketCommands {
  /** One message that subscribes all `topics`; `id` comes back in the acknowledgement where the venue echoes it. */
  subscribe(topics: readonly Topic[], id: number): string;
  unsubscribe(topics: readonly Topic[], id: number): string;
  /**
   * Reads a frame that no topic claimed. `undefined`: not for us (data of a topic just left, an event nobody asked for).
   * @throws anything, when the text is not what the venue speaks; the frame is then counted and logged
   */
  control(text: string): ControlFrame | undefined;
}

/** What the venue says besides data. Requests are named by `id` (as text) where it echoes one, else by topic `key`. */
export type ControlFrame =
  | { readonly kind: 'ack'; readonly id?: string; readonly key?: string }
  | { readonly kind: 'nack'; readonly id?: string; readonly key?: string; readonly error: SpeedError }
  /** The server wants this answer, e.g. to a `test_request` or a ping sent as text. */
  | { readonly kind: 'reply'; readonly text: string }
  /** A pong or a greeting: proof of life, nothing to do. */
  | { readonly kind: 'alive' }
  /** The server announces that it will close the connection: replace it now. */
  | { readonly kind: 'shutdown' };
