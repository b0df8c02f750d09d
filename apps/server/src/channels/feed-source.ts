import { type Connector, type FeedName, nearest, SpeedError, type SpeedEvent, type Subscription } from '@speed-protocol/core';
import type { EventBus } from '@speed-protocol/host';
import { channelName, encodeEvent, FEED_POLICY } from '@speed-protocol/protocol';
import type { Sink, Source } from './channel.js';
import { DepthMemory } from './depth-memory.js';

/** What a source remembers for clients that join later. */
export interface Memory {
  note(event: SpeedEvent, text: string): void;
  /** The message to begin with. */
  first(tail: string): string | undefined;
}

/** State feeds: the newest state. */
class LastState implements Memory {
  #text: string | undefined;
  note(event: SpeedEvent, text: string): void {
    this.#text = event.type === 'gap' ? undefined : text;
  }
  first(): string | undefined {
    return this.#text;
  }
}

const NO_MEMORY: Memory = { note() {}, first: () => undefined };

/**
 * A venue's feed. Its events pass over the host's bus under the channel's name, so that others in this process can
 * listen to what clients are served.
 */
export async function openFeed(connector: Connector, bus: EventBus, sink: Sink, signal: AbortSignal): Promise<Source> {
  const { venue, symbol, levels, interval } = sink.spec;
  const feed = requireFeed(connector, sink.spec.feed);
  const isState = FEED_POLICY[feed] === 'conflate' || (feed === 'depth' && levels !== undefined);
  const memory = isState ? new LastState() : await memoryOf(feed, connector, symbol, signal);
  const name = channelName(sink.spec);
  const channel = bus.channel(name);
  const stop = channel.on((event) => {
    const text = encodeEvent(event, sink.tail);
    memory.note(event, text);
    sink.emit(text, isState && event.type !== 'gap', event.receivedAt);
  });
  const close = () => {
    stop();
    bus.release(name);
  };
  try {
    const subscription = await connector.market!.subscribe(feed, symbol, (event) => channel.publish(event), {
      levels,
      interval,
      signal,
    });
    watchEnd(subscription, venue, sink, signal);
    return new FeedSource(subscription, memory, sink.tail, close);
  } catch (error) {
    close();
    throw error;
  }
}

class FeedSource implements Source {
  constructor(
    private readonly subscription: Subscription,
    private readonly memory: Memory,
    private readonly tail: string,
    private readonly onClose: () => void,
  ) {}

  get state(): string {
    return this.subscription.state;
  }

  first(): string | undefined {
    return this.memory.first(this.tail);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.onClose();
    await this.subscription[Symbol.asyncDispose]();
  }
}

async function memoryOf(feed: FeedName, connector: Connector, symbol: string, signal: AbortSignal): Promise<Memory> {
  if (feed !== 'depth') return NO_MEMORY;
  return new DepthMemory(await connector.reference.instrument(symbol, { signal }));
}

/** @throws SpeedError `unsupported` naming the feeds that there are */
function requireFeed({ venue, capabilities, market }: Connector, feed: string): FeedName {
  const feeds = market ? (capabilities.market?.feeds ?? []) : [];
  if (feeds.includes(feed as FeedName)) return feed as FeedName;
  const near = nearest(feed, feeds);
  throw new SpeedError(
    'unsupported',
    `${venue} has no feed "${feed}"${near ? `; did you mean "${near}"?` : ''} It has: ${feeds.join(', ') || 'none'}`,
    { venue },
  );
}

/** A subscription that ends without being asked to ends the channel. */
function watchEnd(subscription: { readonly closed: Promise<void> }, venue: string, sink: Sink, signal: AbortSignal): void {
  const end = (error?: unknown) => {
    if (signal.aborted) return;
    const known = SpeedError.is(error)
      ? error
      : new SpeedError('connection', `${venue} ended the subscription`, { venue, cause: error });
    sink.end(known);
  };
  subscription.closed.then(() => end(), end);
}
