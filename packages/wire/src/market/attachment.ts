import { copyLevels, type MarketEvent } from '@speed-protocol/core';
import type { FrameDecoder } from '../frames/index.js';
import type { Route } from '../session/index.js';
import type { DepthStream } from './depth-stream.js';
import { Outlet, type OutletSink, type Subject } from './outlet.js';
import { tradeNumber } from './quiet.js';
import type { Seen, TopicRow } from './rows.js';
import type { Delta, Snapshot } from './sequencer.js';
import type { Waiting } from './waiting.js';

export interface AttachmentHost {
  event(event: MarketEvent): void;
  /** A whole book from a topic without deltas. */
  book(snapshot: Snapshot): void;
  /** Every delta of the stream, once it has been sequenced. */
  observe(delta: Delta): void;
  /** The decoder refused a frame of this topic. */
  undecodable(attachment: Attachment, problem: string): void;
  /** A frame went by while two connections carry the topic. */
  overlapping(): void;
  /** Numbers between these two are missing in a consecutive topic. */
  missing(from: number, to: number): void;
}

/** One topic on one connection: its handler and all that the handler remembers. Dies with the connection. */
export class Attachment implements Route, OutletSink {
  lastAt = 0;
  /** Number of the newest frame, or its time where the topic has no numbers; NaN before the first. */
  position = Number.NaN;
  /** What a connection that has not taken over yet brings is held; absent once this one is heard. */
  waiting: Waiting | undefined;
  /** Two connections carry the topic now. */
  overlapped = false;
  private retired = false;
  /** Frames of a topic without numbers up to this time have been heard on another connection. */
  private heardUntil = Number.NaN;
  private lastEvent: MarketEvent | undefined;
  /** The book that the venue sent on subscribing, while this connection is not heard yet. */
  private firstBook: Snapshot | undefined;
  private readonly decoder: FrameDecoder;
  private readonly outlet: Outlet;
  private readonly handle: () => void;

  constructor(
    private readonly row: TopicRow,
    subject: Subject,
    private readonly host: AttachmentHost,
    readonly depth: DepthStream | undefined,
  ) {
    this.decoder = row.decoder();
    this.outlet = new Outlet(subject, this);
    this.handle = row.start(this.outlet);
  }

  receive(length: number, receivedAt: number): boolean {
    if (this.retired) return true;
    if (!this.decoder.decodeLoaded(length)) return false;
    this.outlet.receivedAt = receivedAt;
    this.handle();
    if (this.overlapped) this.host.overlapping();
    return true;
  }

  refused(): void {
    this.host.undecodable(this, this.decoder.problem);
  }

  /** The newest sequence or number that consumers have been given. */
  get reached(): number {
    return this.depth ? this.depth.sequencer.last : this.position;
  }

  get seen(): Seen {
    return { position: this.reached, event: this.lastEvent };
  }

  /** What came another way, up to this position, counts as heard. */
  reach(position: number): void {
    this.heardUntil = position;
    if (Number.isNaN(this.position) || position > this.position) this.position = position;
  }

  event(event: MarketEvent): void {
    this.lastAt = event.receivedAt;
    if (this.wait(positionOf(event), () => this.event(event))) return;
    if (!this.advance(positionOf(event))) return;
    this.lastEvent = event;
    this.host.event(event);
  }

  delta(delta: Delta): void {
    const { depth } = this;
    if (!depth) return;
    if (Number.isNaN(delta.last)) {
      this.unnumbered();
      return;
    }
    // Before it is heard a sequencer keeps what comes, as it does for a snapshot.
    if (depth.sequencer.delta(delta)) this.lastAt = delta.receivedAt;
    if (this.wait(delta.last, () => undefined)) return;
    if (depth.sequencer.state === 'syncing') depth.missed();
    this.host.observe(delta);
  }

  snapshot(snapshot: Snapshot): void {
    if (this.depth && snapshot.sequence === null) {
      this.unnumbered();
      return;
    }
    this.lastAt = snapshot.receivedAt;
    const position = snapshot.sequence ?? Number.NaN;
    if (!this.waiting) this.state(snapshot, position);
    else if (this.depth) this.waitWithBook(keep(snapshot), position);
    else this.wait(position, this.later(keep(snapshot)));
  }

  /** Without its number a book, or a change of it, could not be told from any other: the key of it was damaged on the way. */
  private unnumbered(): void {
    this.host.undecodable(this, 'a book or a change of it came without its sequence number');
  }

  private state(snapshot: Snapshot, position: number): void {
    if (this.depth) this.depth.sequencer.replace(snapshot);
    else if (this.advance(position)) this.host.book(snapshot);
  }

  /** What the sequencer has kept so far came before this book. */
  private waitWithBook(book: Snapshot, position: number): void {
    this.depth?.sequencer.lose('disconnect');
    this.firstBook = book;
    this.wait(position, () => undefined);
  }

  /** Goes on where `before` stands: what it has given is not given again, what it has not is given now. */
  takeOver(before: Attachment): void {
    const { waiting, depth } = this;
    this.waiting = undefined;
    if (depth) {
      // The check of the next delta proves the seam; a chain that was broken is synced anew.
      if (before.depth?.sequencer.state === 'live') depth.sequencer.adopt(before.depth.sequencer.last);
      else if (this.firstBook) depth.sequencer.begin(this.firstBook);
      else depth.sync();
      this.firstBook = undefined;
    } else this.reach(before.position);
    waiting?.release();
  }

  stop(): void {
    this.retired = true;
    this.depth?.stop();
  }

  /** False when the frame is repeated or overtaken. */
  private advance(position: number): boolean {
    if (position <= (this.row.order ? this.position : this.heardUntil)) return false;
    if (this.row.order === 'consecutive' && position > this.position + 1) this.host.missing(this.position, position);
    this.position = position;
    return true;
  }

  /** True when the frame has to wait for the take-over, which it may bring about. */
  private wait(position: number, deliver: () => void): boolean {
    if (!this.waiting) return false;
    this.waiting.add(position, deliver);
    this.host.overlapping();
    return true;
  }

  private later(snapshot: Snapshot): () => void {
    return () => this.snapshot(snapshot);
  }
}

/** Levels are views: what waits is a copy. */
function keep(snapshot: Snapshot): Snapshot {
  return { ...snapshot, bids: copyLevels(snapshot.bids), asks: copyLevels(snapshot.asks) };
}

/** The number by which events of a topic are ordered; without one, the time. */
export function positionOf(event: MarketEvent): number {
  if (event.type === 'trade') return tradeNumber(event.id);
  if (event.type === 'quote' && event.sequence !== null) return event.sequence;
  return event.venueTime ?? Number.NaN;
}
