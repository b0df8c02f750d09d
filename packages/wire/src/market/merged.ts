import type { GapEvent, MarketEvent, SubscriptionState } from '@speed-protocol/core';
import type { Listener, Listeners } from './listeners.js';
import { Lifetime, type Source } from './source.js';

/**
 * A feed that the venue tells in several topics, e.g. the funding rate in one and the mark price in another. Each event
 * says all that is known: what the others have said last, and what this one says now. A gap in any of them is a gap.
 */
export class Merged implements Source {
  readonly lifetime = new Lifetime();
  private readonly waiting: Set<Source>;
  private known: MarketEvent | undefined;
  private ended = false;

  constructor(
    readonly key: string,
    private readonly parts: readonly Source[],
    private readonly listeners: Listeners,
  ) {
    this.waiting = new Set(parts);
  }

  get state(): SubscriptionState {
    if (this.ended) return 'closed';
    const states = this.parts.map((part) => part.state);
    return states.find((state) => state !== 'live') ?? 'live';
  }

  get isUnused(): boolean {
    return this.listeners.size === 0;
  }

  join(listener: Listener): void {
    this.listeners.add(listener);
    if (this.known) this.listeners.tell(listener, this.known);
  }

  leave(listener: Listener): void {
    this.listeners.remove(listener);
  }

  start(): void {
    for (const part of this.parts) {
      part.lifetime.onReady(() => this.ready(part));
      part.lifetime.onEnd((error) => error && this.end(error));
      part.join({ on: (event) => this.hear(event), primed: false });
      part.start();
    }
  }

  stop(): void {
    this.end();
  }

  private ready(part: Source): void {
    this.waiting.delete(part);
    if (this.waiting.size === 0) this.lifetime.ready();
  }

  private hear(event: MarketEvent | GapEvent): void {
    if (event.type === 'gap') {
      this.known = undefined;
      this.listeners.emitGap(event);
      return;
    }
    this.known = merge(this.known, event);
    this.listeners.emit(this.known);
  }

  private end(error?: Parameters<Lifetime['end']>[0]): void {
    if (this.ended) return;
    this.ended = true;
    for (const part of this.parts) part.stop();
    this.lifetime.end(error);
  }
}

/** What the newer one does not say stays. */
function merge(known: MarketEvent | undefined, event: MarketEvent): MarketEvent {
  if (!known) return event;
  const said = Object.entries(event).filter(([, value]) => value !== null);
  return { ...known, ...Object.fromEntries(said) } as MarketEvent;
}
