import type { Clock, FeedName, GapEvent, GapReason, Logger, MarketEvent } from '@speed-protocol/core';
import type { DepthSources } from './depth-stream.js';
import { Joiner } from './joiner.js';
import { type Listener, Listeners } from './listeners.js';
import type { Subject } from './outlet.js';
import type { DepthPolicy } from './rows.js';
import type { Delta } from './sequencer.js';

export interface AudienceOptions {
  readonly subject: Subject;
  readonly feed: FeedName;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Everybody who listens to a topic: those who hear the stream, and newcomers to a book who are being brought level. */
export class Audience {
  private readonly listeners: Listeners;
  private readonly joiners = new Set<Joiner>();

  constructor(private readonly options: AudienceOptions) {
    this.listeners = this.createListeners();
  }

  get isEmpty(): boolean {
    return this.listeners.size === 0 && this.joiners.size === 0;
  }

  add(listener: Listener): void {
    this.listeners.add(listener);
  }

  /** To a book that is live, from this snapshot on. */
  begin(listener: Listener, snapshot: MarketEvent | undefined): void {
    this.listeners.add(listener);
    if (snapshot) this.listeners.tell(listener, snapshot);
  }

  /** To a book that is live: the newcomer gets a snapshot of its own, the others notice nothing. */
  bringLevel(listener: Listener, policy: DepthPolicy, sources: DepthSources): void {
    const level = () => {
      this.drop(joiner);
      this.listeners.add(listener);
    };
    const gap = (reason: GapReason) => this.gapEvent(reason);
    const joiner = new Joiner(listener, this.options.subject, policy, sources, this.createListeners(), gap, level);
    this.joiners.add(joiner);
    joiner.start();
  }

  remove(listener: Listener): void {
    this.listeners.remove(listener);
    for (const joiner of this.joiners) if (joiner.listener === listener) this.drop(joiner);
  }

  emit(event: MarketEvent): void {
    this.listeners.emit(event);
  }

  /** For newcomers, who follow the stream on their own. @param reached sequence that the others have been given */
  observe(delta: Delta, reached: number): void {
    for (const joiner of this.joiners) joiner.delta(delta, reached);
  }

  /** The stream is broken: newcomers wait for its next snapshot like everybody else. */
  gather(): void {
    for (const joiner of this.joiners) {
      this.drop(joiner);
      this.listeners.add(joiner.listener);
    }
  }

  /** Something is missing here. */
  gap(reason: GapReason): void {
    this.listeners.emitGap(this.gapEvent(reason));
  }

  stop(): void {
    for (const joiner of this.joiners) this.drop(joiner);
  }

  private gapEvent(reason: GapReason): GapEvent {
    const { subject, feed, clock } = this.options;
    const { venue, symbol, venueSymbol } = subject;
    return { type: 'gap', venue, symbol, venueSymbol, venueTime: null, receivedAt: clock.now(), feed, reason };
  }

  private createListeners(): Listeners {
    const { logger, feed, subject } = this.options;
    return new Listeners(logger, { venue: subject.venue, feed, symbol: subject.symbol ?? subject.venueSymbol });
  }

  private drop(joiner: Joiner): void {
    joiner.stop();
    this.joiners.delete(joiner);
  }
}
