import { type Logger, SpeedError } from '@speed-protocol/core';
import { type ChannelSpec, channelName } from '@speed-protocol/protocol';
import { unlessAborted } from '../abort.js';
import { Channel, type ChannelHooks, type Sink, type Source, type Subscriber } from './channel.js';

export type OpenSource = (sink: Sink, signal: AbortSignal) => Promise<Source>;

/** All open channels. One is opened for its first client and closed after its last. */
export class ChannelHub {
  readonly #channels = new Map<string, Channel>();
  readonly #closing = new Set<Promise<void>>();

  constructor(
    private readonly openSource: OpenSource,
    private readonly hooks: ChannelHooks,
    private readonly logger: Logger,
  ) {}

  get channels(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  /**
   * The channel, open, and kept open until {@link release} is called as often as this.
   * @throws SpeedError as the connector says: unknown venue, symbol, feed or option; venue not reachable
   */
  async open(spec: ChannelSpec, signal: AbortSignal): Promise<Channel> {
    const channel = this.#channels.get(channelName(spec)) ?? this.#create(spec);
    channel.waiting++;
    try {
      await unlessAborted(channel.opened, signal);
      if (channel.controller.signal.aborted)
        throw new SpeedError('connection', `${channel.name} ended while it was opened; try again`);
      return channel;
    } catch (error) {
      this.release(channel);
      throw error;
    }
  }

  /** Undoes one {@link open}; the subscribers that were added in between keep the channel open. */
  release(channel: Channel): void {
    channel.waiting--;
    this.#closeIfUnused(channel);
  }

  leave(channel: Channel, subscriber: Subscriber): void {
    channel.subscribers.delete(subscriber);
    subscriber.outbox.forget(channel);
    this.#closeIfUnused(channel);
  }

  /** Closes every channel and waits for it. */
  async close(): Promise<void> {
    for (const channel of this.channels) {
      channel.subscribers.clear();
      this.#close(channel);
    }
    await Promise.all(this.#closing);
  }

  #create(spec: ChannelSpec): Channel {
    const channel = new Channel(spec, this.hooks, (ended) => this.#close(ended));
    this.#channels.set(channel.name, channel);
    channel.opened = this.openSource(channel, channel.controller.signal).then((source) => {
      channel.source = source;
    });
    // Those who wait get the error; when nobody waits any more it concerns nobody.
    channel.opened.catch(() => this.#forget(channel));
    return channel;
  }

  #closeIfUnused(channel: Channel): void {
    if (channel.waiting === 0 && channel.subscribers.size === 0) this.#close(channel);
  }

  #forget(channel: Channel): void {
    if (this.#channels.get(channel.name) === channel) this.#channels.delete(channel.name);
  }

  #close(channel: Channel): void {
    if (channel.controller.signal.aborted) return;
    this.#forget(channel);
    channel.controller.abort();
    const closing = this.#dispose(channel).finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  async #dispose(channel: Channel): Promise<void> {
    try {
      await channel.opened.catch(() => undefined);
      await channel.source?.[Symbol.asyncDispose]();
    } catch (error) {
      this.logger.warn({ channel: channel.name, err: error }, 'closing a channel failed');
    }
  }
}
