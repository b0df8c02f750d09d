import { type Clock, type DepthEvent, type GapReason, type Logger, SpeedError } from '@speed-protocol/core';
import { sleep } from '../rest/retry.js';
import type { Backoff } from '../session/backoff.js';
import type { Subject } from './outlet.js';
import type { DepthPolicy } from './rows.js';
import { type Delta, DepthSequencer, type SequencerSink, type Snapshot } from './sequencer.js';

/** Who hears a depth stream. */
export interface DepthAudience {
  depth(event: DepthEvent): void;
  gap(reason: GapReason): void;
  /** A first or new state has been given. */
  synced(): void;
}

export interface DepthSources {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly backoff: Backoff;
  /** A snapshot by REST; paced by the rate gate behind it. */
  fetch(signal: AbortSignal): Promise<DepthEvent>;
  /** Asks the venue to subscribe anew, where the stream itself sends the snapshot. */
  renew(): void;
}

/** A sequencer with what it needs to heal: at most one snapshot request is under way. */
export class DepthStream implements SequencerSink {
  readonly sequencer: DepthSequencer;
  private readonly event: { -readonly [K in keyof DepthEvent]: DepthEvent[K] };
  private fetching: AbortController | undefined;

  constructor(
    subject: Subject,
    private readonly policy: DepthPolicy,
    private readonly audience: DepthAudience,
    private readonly sources: DepthSources,
  ) {
    this.sequencer = new DepthSequencer(policy.rule, this);
    const { venue, symbol, venueSymbol } = subject;
    const none = { values: new Float64Array(0), start: 0, count: 0 };
    // One object for all deltas: like its levels it is valid during the callback (keepEvent copies both).
    this.event = {
      type: 'depth',
      kind: 'delta',
      venue,
      symbol,
      venueSymbol,
      venueTime: null,
      receivedAt: 0,
      sequence: null,
      prevSequence: null,
      bids: none,
      asks: none,
    };
  }

  /** Fetches snapshots until one joins the stream. Does nothing when that is under way, or not needed. */
  sync(): void {
    if (this.policy.snapshot === 'stream' || this.fetching || this.sequencer.state === 'live') return;
    this.fetching = new AbortController();
    void this.fetchUntilLive(this.fetching.signal).finally(() => {
      this.fetching = undefined;
    });
  }

  /** A delta came to a book that has no state: one is asked for, or the stream's own did not arrive. */
  missed(): void {
    if (this.policy.snapshot === 'stream') this.sources.renew();
    else this.sync();
  }

  /** The connection is gone: nothing that was on its way counts any more. */
  stop(): void {
    this.fetching?.abort();
  }

  snapshot(snapshot: Snapshot): void {
    this.emit('snapshot', snapshot, snapshot.sequence, null);
    this.audience.synced();
  }

  delta(delta: Delta, previous: number): void {
    this.emit('delta', delta, delta.last, previous);
  }

  gap(reason: GapReason): void {
    this.audience.gap(reason);
    if (this.policy.snapshot === 'stream') this.sources.renew();
    else this.sync();
  }

  restarted(): void {
    this.audience.gap('sequence');
  }

  private emit(kind: DepthEvent['kind'], from: Delta | Snapshot, sequence: number | null, previous: number | null): void {
    const { event } = this;
    event.kind = kind;
    event.venueTime = from.venueTime;
    event.receivedAt = from.receivedAt;
    event.sequence = sequence;
    event.prevSequence = previous;
    event.bids = from.bids;
    event.asks = from.asks;
    this.audience.depth(event);
  }

  private async fetchUntilLive(signal: AbortSignal): Promise<void> {
    const { backoff, clock, logger, fetch } = this.sources;
    backoff.reset();
    while (!signal.aborted) {
      let pauseMs = backoff.next();
      try {
        const snapshot = await fetch(signal);
        if (signal.aborted || this.sequencer.offer(requireSequence(snapshot))) return;
        logger.debug({ symbol: snapshot.venueSymbol, sequence: snapshot.sequence }, 'snapshot is older than the stream');
      } catch (error) {
        if (signal.aborted) return;
        logger.warn({ symbol: this.event.venueSymbol, error }, 'no depth snapshot');
        if (SpeedError.is(error)) pauseMs = Math.max(pauseMs, error.retryAfterMs ?? 0);
      }
      await sleep(clock, pauseMs, signal).catch(() => undefined);
    }
  }
}

function requireSequence(snapshot: DepthEvent): DepthEvent & { readonly sequence: number } {
  if (snapshot.sequence !== null) return { ...snapshot, sequence: snapshot.sequence };
  throw new SpeedError('protocol', `depth snapshot of ${snapshot.venueSymbol} carries no sequence number`);
}
