import { SpeedError } from '@speed-protocol/core';
import { type ChannelSpec, channelName, channelTail, type ErrorShape } from '@speed-protocol/protocol';
import { textFrame } from '../socket/frame.js';
import type { Outbox } from '../socket/outbox.js';

/** What a channel sends to: one client. */
export interface Subscriber {
  readonly outbox: Outbox;
  /** The channel ended on its own. */
  onEnd(channel: Channel): void;
}

/** Where a channel's events come from. */
export interface Source extends AsyncDisposable {
  /** `live`, `stale` ... for `status`. */
  readonly state: string;
  /** The message with which a client that joins later begins; `undefined`: the next event is good enough. */
  first(): string | undefined;
}

/** Where a source puts its events. */
export interface Sink {
  readonly spec: ChannelSpec;
  /** The `channel` member that ends every message, as JSON text with a leading comma. */
  readonly tail: string;
  /** @param isState a newer one may replace it for a client that lags */
  emit(text: string, isState: boolean, receivedAt: number): void;
  /** No more events. */
  end(error: SpeedError): void;
}

export interface ChannelHooks {
  onEvent(feed: string, receivedAt: number): void;
}

/** One subscription upstream, any number of clients: every event is encoded and framed once. */
export class Channel implements Sink {
  readonly name: string;
  readonly tail: string;
  readonly subscribers = new Set<Subscriber>();
  source: Source | undefined;
  /** Joins under way; the channel stays open for them. */
  waiting = 0;
  /** Aborted when nobody waits for the source any more. */
  readonly controller = new AbortController();
  opened!: Promise<void>;

  constructor(
    readonly spec: ChannelSpec,
    private readonly hooks: ChannelHooks,
    private readonly onEnded: (channel: Channel) => void,
  ) {
    this.name = channelName(spec);
    this.tail = channelTail(this.name);
  }

  get state(): string {
    return this.source?.state ?? 'opening';
  }

  /** From now on the subscriber gets every event, beginning with the current state. */
  add(subscriber: Subscriber): void {
    this.subscribers.add(subscriber);
    const first = this.source?.first();
    if (first !== undefined) subscriber.outbox.pushEvent(textFrame(first), this);
  }

  emit(text: string, isState: boolean, receivedAt: number): void {
    this.hooks.onEvent(this.spec.feed, receivedAt);
    if (this.subscribers.size === 0) return;
    const frame = textFrame(text);
    for (const { outbox } of this.subscribers) {
      if (isState) outbox.pushState(frame, this);
      else outbox.pushEvent(frame, this);
    }
  }

  end(error: SpeedError): void {
    const frame = textFrame(`{"type":"end","error":${JSON.stringify(errorShape(error))}${this.tail}}`);
    for (const subscriber of [...this.subscribers]) {
      subscriber.outbox.pushEvent(frame, this);
      subscriber.onEnd(this);
    }
    this.subscribers.clear();
    this.onEnded(this);
  }
}

/** An error as it travels to clients: no stack, no cause. */
export function errorShape({ kind, message, venue, venueCode, retryAfterMs, outcomeKnown }: SpeedError): ErrorShape {
  const isUsual = new SpeedError(kind, '').outcomeKnown === outcomeKnown;
  return {
    kind,
    message,
    ...(venue !== undefined && { venue }),
    ...(venueCode !== undefined && { venueCode }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(!isUsual && { outcomeKnown }),
  };
}
