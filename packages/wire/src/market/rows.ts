import type { CallOptions, FeedName, FeedOptions, Instrument, InstrumentKind, MarketEvent } from '@speed-protocol/core';
import type { AnyFrame, FieldsOf } from '../frames/index.js';
import { type FrameHandler, frameHandler } from './frame-handler.js';
import type { Outlet } from './outlet.js';
import type { SequenceRule } from './rules.js';

/** One kind of topic: a row of the plugin's table. */
export interface TopicDefinition<F extends AnyFrame> {
  readonly feed: FeedName;
  /** Which subscriptions of the feed this row serves; the first row that says yes does. Absent: all. */
  readonly when?: (options: FeedOptions, instrument: Instrument) => boolean;
  /** Key of the socket in the spec's `sockets`. */
  readonly socket: string;
  /** The venue's name for the topic, e.g. `btcusdt@depth@100ms`. */
  readonly topic: (instrument: Instrument, options: FeedOptions) => string;
  /** Texts at the socket's routing paths; absent: the topic's name alone. */
  readonly parts?: (instrument: Instrument, options: FeedOptions) => readonly string[];
  /** Several may want the topic, instruments or feeds of one: the venue is asked once, and each handler picks its own. */
  readonly shared?: boolean;
  /** The feed is told in several topics: all rows of it that say so serve a subscription together. */
  readonly part?: boolean;
  /** The whole message, wrapper included. */
  readonly frame: F;
  /** Called once per subscription of a connection; what it keeps dies with that connection. */
  readonly start: (outlet: Outlet) => (fields: FieldsOf<F>) => void;
  /**
   * Trades by id, quotes and partial books by sequence: each frame's number is greater than the one before, or greater by
   * one. Repeated and overtaken frames are then dropped, a missing number is a gap, and one connection can take over from
   * another without losing or repeating a frame. Without numbers the events' times serve for the last.
   */
  readonly order?: 'growing' | 'consecutive';
  /** Full books: how deltas link up and where the first state comes from. */
  readonly depth?: DepthPolicy;
  /** Silence that is suspicious, ms; absent where a market may well be silent. */
  readonly staleAfterMs?: number;
  /** Asked after such a silence: does REST know nothing newer than what we have seen? */
  readonly isQuiet?: (instrument: Instrument, seen: Seen, options: CallOptions) => Promise<boolean>;
  /** Events after `position` by REST, oldest first, to fill the hole that a cut has left. */
  readonly since?: (instrument: Instrument, position: number, options: CallOptions) => Promise<readonly MarketEvent[]>;
}

/** The newest that a subscription has brought. */
export interface Seen {
  /** Sequence of the book, or the number of the newest event; NaN before the first. */
  readonly position: number;
  /** Absent on full books. */
  readonly event: MarketEvent | undefined;
}

export interface DepthPolicy {
  readonly rule: SequenceRule;
  /** `rest`: fetched by the spec's `depthSnapshot`. `stream`: the venue sends it on subscribing. */
  readonly snapshot: 'rest' | 'stream';
  /**
   * Levels a side that the venue keeps telling of; with snapshots from the stream. What falls out of them is not told any
   * more, so it is taken out of the listeners' books as well.
   */
  readonly levels?: number;
  /** Listeners are given the whole book at each change, as of topics that send no deltas. */
  readonly whole?: boolean;
}

/** A {@link TopicDefinition} with its frame type forgotten: what tables hold. */
export interface TopicRow extends Omit<TopicDefinition<AnyFrame>, 'frame' | 'start'>, FrameHandler<Outlet> {}

/** Checks a row's handler against its frame and makes it fit for a table. */
export function topicRow<F extends AnyFrame>({ frame, start, ...rest }: TopicDefinition<F>): TopicRow {
  return { ...rest, ...frameHandler(frame, start) };
}

type When = NonNullable<TopicDefinition<AnyFrame>['when']>;

const ofKinds =
  (...kinds: readonly InstrumentKind[]): When =>
  (_, { kind }) =>
    kinds.includes(kind);

/** What rows of a table serve, by the kind of the instrument or the depth of the book that is asked for. */
export const served = {
  /** Books as deep as they come. */
  wholeBooks: ({ levels }: FeedOptions): boolean => levels === undefined,
  perpetuals: ofKinds('perpetual'),
  futures: ofKinds('perpetual', 'future'),
  options: ofKinds('option'),
  contracts: ofKinds('perpetual', 'future', 'option'),
} as const satisfies Readonly<Record<string, When>>;

/** A feed that the venue offers over REST only. */
export interface PollRow {
  readonly feed: FeedName;
  readonly everyMs: number;
  readonly poll: (instrument: Instrument, options: CallOptions) => Promise<MarketEvent>;
}
