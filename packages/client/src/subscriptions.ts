import type { SpeedError } from '@speed-protocol/core';
import {
  type ChannelSpec,
  channelName,
  type FeedMessages,
  type GapMessage,
  type PushedEvent,
  type ServerFeed,
} from '@speed-protocol/protocol';
import { toError } from './calls.js';

/** Called for every event of the channel, in order; a `gap` says that events are missing before the next one. */
export type ChannelListener<K extends ServerFeed> = (event: FeedMessages[K] | GapMessage) => void;
type AnyListener = (event: PushedEvent) => void;

/** A live subscription. Disposing it twice is the same as once. */
export interface ClientSubscription extends AsyncDisposable {
  readonly channel: string;
  /** Settles when the subscription has ended; rejects when the server ended it. */
  readonly closed: Promise<void>;
}

export interface Listening {
  readonly spec: ChannelSpec;
  readonly listener: AnyListener;
  end(error?: SpeedError): void;
}

interface Channel {
  readonly spec: ChannelSpec;
  readonly listeners: Set<Listening>;
  last: PushedEvent | undefined;
}

/** What is wanted, by channel; survives reconnects. */
export class Subscriptions {
  readonly #channels = new Map<string, Channel>();

  constructor(private readonly onListenerError: (error: unknown) => void) {}

  get specs(): ChannelSpec[] {
    return [...this.#channels.values()].map(({ spec }) => spec);
  }

  has(spec: ChannelSpec): boolean {
    return this.#channels.has(channelName(spec));
  }

  add(listening: Listening): void {
    const name = channelName(listening.spec);
    const channel = this.#channels.get(name) ?? { spec: listening.spec, listeners: new Set(), last: undefined };
    this.#channels.set(name, channel);
    channel.listeners.add(listening);
  }

  /** True when nobody listens to the channel any more. */
  remove(listening: Listening): boolean {
    const name = channelName(listening.spec);
    const channel = this.#channels.get(name);
    if (!channel?.listeners.delete(listening) || channel.listeners.size > 0) return false;
    return this.#channels.delete(name);
  }

  onEvent(event: PushedEvent): void {
    const channel = this.#channels.get(event.channel);
    if (!channel) return;
    if (event.type === 'end') {
      this.fail(channel.spec, toError(event.error));
    } else {
      channel.last = event;
      this.#deliver(channel, event);
    }
  }

  /** The server refused the channel again after a reconnect. */
  fail(spec: ChannelSpec, error: SpeedError): void {
    const channel = this.#channels.get(channelName(spec));
    this.#channels.delete(channelName(spec));
    for (const listening of channel?.listeners ?? []) listening.end(error);
  }

  /** The connection is gone: books are stale, event feeds have a hole. */
  onCut(): void {
    for (const channel of this.#channels.values()) {
      const notice = cutNotice(channel);
      if (notice) this.#deliver(channel, notice);
    }
  }

  /** Ends everything. */
  close(error?: SpeedError): void {
    const all = [...this.#channels.values()].flatMap(({ listeners }) => [...listeners]);
    this.#channels.clear();
    for (const listening of all) listening.end(error);
  }

  #deliver(channel: Channel, event: PushedEvent): void {
    for (const { listener } of channel.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.onListenerError(error);
      }
    }
  }
}

function cutNotice({ spec, last }: Channel): PushedEvent | undefined {
  if (!last || last.type === 'end') return undefined;
  if (last.type === 'book') return { ...last, state: 'stale' };
  if (spec.feed === 'book') return undefined;
  const { venue, symbol, venueSymbol, channel } = last;
  return {
    type: 'gap',
    feed: spec.feed,
    reason: 'disconnect',
    venue,
    symbol,
    venueSymbol,
    venueTime: null,
    receivedAt: Date.now(),
    channel,
  };
}
