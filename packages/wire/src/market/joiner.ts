import type { DepthEvent, GapEvent, GapReason } from '@speed-protocol/core';
import { type DepthSources, DepthStream } from './depth-stream.js';
import type { Listener, Listeners } from './listeners.js';
import type { Subject } from './outlet.js';
import type { DepthPolicy } from './rows.js';
import type { Delta } from './sequencer.js';

/** A listener that came while a book was live: it is brought level by a snapshot of its own, then joins the others. */
export class Joiner {
  private readonly stream: DepthStream;

  constructor(
    readonly listener: Listener,
    subject: Subject,
    policy: DepthPolicy,
    sources: DepthSources,
    /** Holds this listener alone. */
    audienceOfOne: Listeners,
    gapEvent: (reason: GapReason) => GapEvent,
    private readonly level: () => void,
  ) {
    audienceOfOne.add(listener);
    const audience = {
      depth: (event: DepthEvent) => audienceOfOne.emit(event),
      gap: (reason: GapReason) => {
        audienceOfOne.emitGap(gapEvent(reason));
        // Told already, should the stream itself break before this one is level again.
        listener.primed = false;
      },
      synced: () => undefined,
    };
    this.stream = new DepthStream(subject, policy, audience, sources);
  }

  start(): void {
    this.stream.sync();
  }

  /** @param reached sequence of the book that the others are given; the newcomer is level when it stands there too */
  delta(delta: Delta, reached: number | undefined): void {
    const { sequencer } = this.stream;
    sequencer.delta(delta);
    if (sequencer.state === 'live' && sequencer.last === reached) this.level();
  }

  stop(): void {
    this.stream.stop();
  }
}
