import {
  type Clock,
  type FeedOptions,
  type GapReason,
  type Instrument,
  type Logger,
  SpeedError,
  type SubscriptionState,
} from '@speed-protocol/core';
import { sleep } from '../rest/retry.js';
import { type Listener, Listeners } from './listeners.js';
import type { PollRow } from './rows.js';
import { Lifetime, type Source } from './source.js';

export interface PolledOptions {
  readonly venue: string;
  readonly row: PollRow;
  readonly instrument: Instrument;
  readonly feedOptions: FeedOptions;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A feed that the venue offers over REST only, asked for again and again while somebody listens. */
export class Polled implements Source {
  readonly key: string;
  readonly lifetime = new Lifetime();
  state: SubscriptionState = 'subscribing';
  private readonly listeners: Listeners;
  private readonly aborter = new AbortController();
  private readonly everyMs: number;

  constructor(private readonly options: PolledOptions) {
    const { row, instrument, feedOptions, venue, logger } = options;
    const { symbol, venueSymbol } = instrument;
    this.everyMs = feedOptions.pollMs ?? row.everyMs;
    this.key = `${row.feed}:${venueSymbol}:${this.everyMs}`;
    this.listeners = new Listeners(logger, { venue, feed: row.feed, symbol });
  }

  get isUnused(): boolean {
    return this.listeners.size === 0;
  }

  join(listener: Listener): void {
    this.listeners.add(listener);
  }

  leave(listener: Listener): void {
    this.listeners.remove(listener);
  }

  start(): void {
    void this.run();
  }

  stop(): void {
    this.state = 'closed';
    this.aborter.abort();
    this.lifetime.end();
  }

  private async run(): Promise<void> {
    const { clock } = this.options;
    const { signal } = this.aborter;
    while (!signal.aborted) {
      await this.once(signal);
      await sleep(clock, this.everyMs, signal).catch(() => undefined);
    }
  }

  private async once(signal: AbortSignal): Promise<void> {
    const { row, instrument, logger } = this.options;
    try {
      const event = await row.poll(instrument, { signal });
      if (signal.aborted) return;
      this.state = 'live';
      this.lifetime.ready();
      this.listeners.emit(event);
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ poll: this.key, error }, 'poll failed');
      if (SpeedError.is(error)) this.lifetime.problem = error;
      this.gap('disconnect');
    }
  }

  private gap(reason: GapReason): void {
    if (this.state !== 'live') return;
    this.state = 'stale';
    const { venue, instrument, row, clock } = this.options;
    const { symbol, venueSymbol } = instrument;
    const at = { venue, symbol, venueSymbol, venueTime: null, receivedAt: clock.now() };
    this.listeners.emitGap({ type: 'gap', ...at, feed: row.feed, reason });
  }
}
