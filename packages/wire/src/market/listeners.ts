import type { FeedName, GapEvent, Logger, MarketEvent } from '@speed-protocol/core';

/** What a listener of any feed looks like from here. */
export type AnyListener = (event: MarketEvent | GapEvent) => void;

/** One consumer of a topic. */
export interface Listener {
  readonly on: AnyListener;
  /** False until it has been given a first state: a gap means nothing to it before. */
  primed: boolean;
}

/** Calls listeners one after the other; one that throws is logged and hurts nobody else. */
export class Listeners {
  private list: readonly Listener[] = [];

  constructor(
    private readonly logger: Logger,
    private readonly label: { readonly venue: string; readonly feed: FeedName; readonly symbol: string },
  ) {}

  get size(): number {
    return this.list.length;
  }

  /** Takes effect with the next event, also when called from within a listener. */
  add(listener: Listener): void {
    this.list = [...this.list, listener];
  }

  remove(listener: Listener): void {
    this.list = this.list.filter((other) => other !== listener);
  }

  emit(event: MarketEvent): void {
    const { list } = this;
    for (let i = 0; i < list.length; i++) this.call(list[i] as Listener, event);
  }

  /** To one of them alone. */
  tell(listener: Listener, event: MarketEvent): void {
    this.call(listener, event);
  }

  /** To those who have been given a state that the gap ends. */
  emitGap(gap: GapEvent): void {
    for (const listener of this.list) if (listener.primed) this.call(listener, gap);
  }

  private call(listener: Listener, event: MarketEvent | GapEvent): void {
    try {
      listener.primed = true;
      listener.on(event);
    } catch (error) {
      this.logger.error({ ...this.label, error }, 'a listener threw; it stays subscribed');
    }
  }
}
