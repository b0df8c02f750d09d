import type {
  Clock,
  DepthEvent,
  FeedName,
  FeedOptions,
  GapReason,
  Instrument,
  Logger,
  MarketEvent,
  SpeedError,
  SubscriptionState,
} from '@speed-protocol/core';
import { sleep } from '../rest/retry.js';
import { Backoff } from '../session/backoff.js';
import type { Route, Session, Topic } from '../session/index.js';
import { Attachment, type AttachmentHost, positionOf } from './attachment.js';
import { Audience } from './audience.js';
import { Backfill } from './backfill.js';
import { BookMirror } from './book-mirror.js';
import { type DepthSources, DepthStream } from './depth-stream.js';
import type { Listener } from './listeners.js';
import type { Subject } from './outlet.js';
import type { TopicRow } from './rows.js';
import type { Delta, Snapshot } from './sequencer.js';
import { Lifetime, type Source } from './source.js';
import { Succession } from './succession.js';

export interface UpstreamOptions {
  readonly venue: string;
  readonly row: TopicRow;
  readonly instrument: Instrument;
  readonly feedOptions: FeedOptions;
  readonly session: Pick<Session, 'add' | 'remove' | 'renew'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly fetchDepth: (instrument: Instrument, signal: AbortSignal) => Promise<DepthEvent>;
}

/** REST may be ahead of a frame that is on its way for this long. */
const IN_FLIGHT_MS = 1_000;
const RESYNC = { baseMs: 100, maxMs: 10_000 };

/** One topic of the venue and everybody who listens to it, through every connection that ever carries it. */
export class Upstream implements Topic, Source, AttachmentHost {
  readonly key: string;
  readonly parts: readonly string[];
  readonly staleAfterMs: number | undefined;
  readonly probe?: (route: Route) => Promise<'quiet' | 'moved'>;
  readonly lifetime = new Lifetime();
  state: SubscriptionState = 'subscribing';
  private readonly subject: Subject;
  private readonly audience: Audience;
  private readonly succession: Succession;
  private readonly aborter = new AbortController();
  /** Where the venue itself sends the snapshot, which newcomers have missed. */
  private readonly mirror: BookMirror | undefined;
  private backfill: Backfill | undefined;
  /** Newest position given to consumers before the connection was lost. */
  private lostAt = Number.NaN;

  constructor(private readonly options: UpstreamOptions) {
    const { row, instrument, feedOptions, venue, clock, logger } = options;
    const { symbol, venueSymbol } = instrument;
    const topic = row.topic(instrument, feedOptions);
    this.key = row.shared ? sharedKey(topic, venueSymbol, row.feed) : topic;
    this.parts = row.parts ? row.parts(instrument, feedOptions) : [topic];
    this.staleAfterMs = row.staleAfterMs;
    if (row.isQuiet) this.probe = (route) => this.ask(route as Attachment);
    this.subject = { venue, symbol, venueSymbol, instrument, options: feedOptions };
    this.mirror = row.depth?.snapshot === 'stream' ? new BookMirror(row.depth.levels) : undefined;
    this.audience = new Audience({ subject: this.subject, feed: row.feed, clock, logger });
    this.succession = new Succession(() => this.audience.gap('disconnect'));
  }

  // Source: listeners come and go

  get isUnused(): boolean {
    return this.audience.isEmpty;
  }

  join(listener: Listener): void {
    const { depth } = this.options.row;
    const isLive = depth !== undefined && this.succession.active?.depth?.sequencer.state === 'live';
    if (!isLive) this.audience.add(listener);
    else if (this.mirror) this.audience.begin(listener, this.mirror.snapshot());
    else this.audience.bringLevel(listener, depth, this.sources());
  }

  leave(listener: Listener): void {
    this.audience.remove(listener);
  }

  start(): void {
    this.options.session.add(this);
  }

  stop(): void {
    this.end();
    this.options.session.remove(this);
  }

  // Topic: what the session tells

  attach(): Attachment {
    const attachment = new Attachment(this.options.row, this.subject, this, this.createDepth());
    this.succession.add(attachment);
    return attachment;
  }

  acknowledged(route: Route): void {
    this.lifetime.ready();
    if (route !== this.succession.active) return;
    if (this.succession.active.depth) this.succession.active.depth.sync();
    else this.state = 'live';
    this.recover();
  }

  detached(route: Route, reason: GapReason): void {
    const { active } = this.succession;
    if (!this.succession.remove(route)) return;
    if (active && !Number.isNaN(active.position)) this.lostAt = active.position;
    this.finishBackfill([]);
    this.broken(reason);
  }

  refused(error: SpeedError): void {
    this.end(error);
  }

  unreachable(error: SpeedError): void {
    this.lifetime.problem = error;
  }

  isHeard(route: Route): boolean {
    return route === this.succession.active;
  }

  takeOver(route: Route): void {
    this.succession.takeOver(route);
  }

  // AttachmentHost: what the frames bring

  event(event: MarketEvent): void {
    if (!this.backfill) this.audience.emit(event);
    else if (!this.backfill.hold(event)) this.finishBackfill([]);
  }

  book({ venueTime, receivedAt, sequence, bids, asks }: Snapshot): void {
    const { venue, symbol, venueSymbol } = this.subject;
    const at = { venue, symbol, venueSymbol, venueTime, receivedAt, sequence, prevSequence: null };
    this.audience.emit({ type: 'depth', kind: 'snapshot', ...at, bids, asks });
  }

  observe(delta: Delta): void {
    const { active } = this.succession;
    if (active) this.audience.observe(delta, active.reached);
  }

  undecodable(attachment: Attachment, problem: string): void {
    this.options.logger.warn({ topic: this.key, problem }, 'frame refused by its decoder');
    if (attachment !== this.succession.active) return;
    if (attachment.depth) attachment.depth.sequencer.lose('decode');
    else this.audience.gap('decode');
  }

  overlapping(): void {
    this.succession.tryTakeOver();
  }

  missing(from: number, to: number): void {
    this.options.logger.warn({ topic: this.key, from, to }, 'numbers are missing in the stream');
    this.audience.gap('sequence');
    if (this.backfill) return;
    this.lostAt = from;
    this.recover();
  }

  /** The stream is broken until further notice. Said once. */
  private broken(reason: GapReason): void {
    this.audience.gather();
    if (this.state !== 'live') return;
    this.state = 'stale';
    this.audience.gap(reason);
  }

  /** Fills the hole after the last position from REST, where the row knows how. */
  private recover(): void {
    const { row, instrument, logger } = this.options;
    const from = this.lostAt;
    if (!row.since || Number.isNaN(from) || this.backfill) return;
    const backfill = new Backfill(positionOf);
    this.backfill = backfill;
    this.lostAt = Number.NaN;
    row
      .since(instrument, from, { signal: this.aborter.signal })
      .catch((error: unknown) => {
        if (!this.aborter.signal.aborted) logger.warn({ topic: this.key, error }, 'nothing recovered');
        return [];
      })
      .then((found) => this.backfill === backfill && this.finishBackfill(found));
  }

  private finishBackfill(found: readonly MarketEvent[]): void {
    const events = this.backfill?.finish(found) ?? [];
    this.backfill = undefined;
    for (const event of events) {
      this.succession.active?.reach(positionOf(event));
      this.audience.emit(event);
    }
  }

  private createDepth(): DepthStream | undefined {
    const { depth } = this.options.row;
    if (!depth) return undefined;
    const audience = {
      depth: (event: DepthEvent) => {
        const told = this.mirror?.apply(event) ?? event;
        this.audience.emit((depth.whole && this.mirror?.snapshot()) || told);
      },
      gap: (reason: GapReason) => this.broken(reason),
      synced: () => {
        this.state = 'live';
      },
    };
    return new DepthStream(this.subject, depth, audience, this.sources());
  }

  private sources(): DepthSources {
    const { clock, logger, random, fetchDepth, instrument, session } = this.options;
    return {
      clock,
      logger,
      backoff: new Backoff({ ...RESYNC, random }),
      fetch: (signal) => fetchDepth(instrument, signal),
      renew: () => session.renew(this),
    };
  }

  private async ask(route: Attachment): Promise<'quiet' | 'moved'> {
    const { row, instrument, clock } = this.options;
    const { signal } = this.aborter;
    if (await row.isQuiet?.(instrument, route.seen, { signal })) return 'quiet';
    await sleep(clock, IN_FLIGHT_MS, signal);
    return 'moved';
  }

  private end(error?: SpeedError): void {
    this.state = 'closed';
    this.aborter.abort();
    this.succession.stop();
    this.audience.stop();
    this.lifetime.end(error);
  }
}

const SEPARATOR = ' of ';

/** One instrument's part of a shared topic, or one feed's: a topic may tell of several. */
function sharedKey(topic: string, venueSymbol: string, feed: FeedName): string {
  return `${topic}${SEPARATOR}${venueSymbol} ${feed}`;
}

/** The venue's name of the topic that a part belongs to. */
export function topicOfPart({ key }: Topic): string {
  return key.slice(0, key.lastIndexOf(SEPARATOR));
}
