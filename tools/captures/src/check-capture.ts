import type {
  DepthEvent,
  ExchangeManifest,
  Instrument,
  NormalizedFrame,
  Normalizer,
  RawFrame,
  SpeedEvent,
} from '@speed-protocol/core';
import { BookCheck, type BookReport } from './book-check.js';
import { type CaptureClass, type CaptureFile, readFrames } from './capture-file.js';
import { checksumOf } from './checksum.js';

export interface CaptureReport {
  readonly file: string;
  readonly class: CaptureClass;
  readonly venue: string;
  readonly lines: number;
  /** Frames by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Events by type. */
  readonly events: Readonly<Record<string, number>>;
  /** Frames of no kind that the plugin knows, by topic. */
  readonly unknown: Readonly<Record<string, number>>;
  readonly errors: number;
  /** The first few errors, with line numbers. */
  readonly problems: readonly string[];
  readonly books: readonly BookReport[];
}

const PROBLEMS_SHOWN = 5;

/** How venues that begin a stream of changes with the whole book say which of the two a message is. */
const FIRST_BOOK = /"(?:action|type)":\s*"snapshot"/;

/** Counts by name. */
class Counts {
  readonly byName: Record<string, number> = {};

  add(name: string): void {
    this.byName[name] = (this.byName[name] ?? 0) + 1;
  }
}

/** One capture on its way through normaliser and books. */
class CaptureRun {
  private readonly normalizer: Normalizer;
  private readonly tickSizes = new Map<string, Instrument>();
  private readonly outcomes = new Counts();
  private readonly events = new Counts();
  private readonly unknown = new Counts();
  private readonly problems: string[] = [];
  private readonly books = new Map<string, BookCheck>();
  private lines = 0;
  private errors = 0;

  constructor(
    manifest: ExchangeManifest,
    private readonly venue: string,
    instruments: readonly Instrument[],
  ) {
    this.normalizer = manifest.createNormalizer(venue, { instruments });
    this.learn(instruments);
  }

  frame(line: number, frame: RawFrame): void {
    this.lines++;
    try {
      this.take(this.normalizer.normalize(frame), frame);
    } catch (error) {
      this.errors++;
      if (this.problems.length < PROBLEMS_SHOWN) this.problems.push(`line ${line}: ${(error as Error).message}`);
    }
  }

  report({ name, class: kind }: CaptureFile): CaptureReport {
    const { venue, lines, errors, problems } = this;
    const books = [...this.books.values()].map((book) => book.report());
    const counts = { outcomes: this.outcomes.byName, events: this.events.byName, unknown: this.unknown.byName };
    return {
      file: name,
      class: kind,
      venue,
      lines,
      ...counts,
      errors,
      problems,
      books: books.filter((book) => book.snapshots + book.deltas > 0),
    };
  }

  private take(result: NormalizedFrame, frame: RawFrame): void {
    this.outcomes.add(result.outcome);
    if (result.outcome === 'instruments') this.learn(result.instruments);
    else if (result.outcome === 'unknown') this.unknown.add(result.topic);
    else if (result.outcome === 'events') for (const event of result.events) this.event(event, frame);
  }

  private event(event: SpeedEvent, frame: RawFrame): void {
    this.events.add(event.type);
    if (event.type === 'quote') this.bookOf(event).quote(event);
    if (event.type === 'depth') this.depth(event, frame);
  }

  private depth(event: DepthEvent, { transport, raw, ts }: RawFrame): void {
    // A frame without a time stands alone: no stream that a book could follow.
    if (ts === null && event.kind === 'delta') return;
    const book = this.bookOf(event);
    // A partial book comes as a snapshot of a few levels on the stream too: normalised, but no start for a full book.
    const begins = event.kind === 'snapshot' && transport === 'ws';
    if (begins && !FIRST_BOOK.test(raw)) return;
    if (begins) book.restart(event);
    else book.depth(event);
    const checksum = checksumOf(raw);
    if (checksum !== undefined) book.checksum(checksum);
  }

  private bookOf({ venueSymbol, symbol }: SpeedEvent): BookCheck {
    const known = this.books.get(venueSymbol);
    if (known) return known;
    const book = new BookCheck(venueSymbol, symbol, this.tickSizes.get(venueSymbol)?.tickSize);
    this.books.set(venueSymbol, book);
    return book;
  }

  private learn(instruments: readonly Instrument[]): void {
    for (const instrument of instruments) this.tickSizes.set(instrument.venueSymbol, instrument);
  }
}

/** Sends a capture through the plugin's normaliser and, symbol by symbol, through books. */
export function checkCapture(
  file: CaptureFile,
  manifest: ExchangeManifest,
  venue: string,
  instruments: readonly Instrument[],
): CaptureReport {
  const run = new CaptureRun(manifest, venue, instruments);
  for (const [line, frame] of readFrames(file.path)) run.frame(line, frame);
  return run.report(file);
}

/** Instruments of a capture that carries listings; captures without one borrow them from those of the same venue. */
export function instrumentsOf(file: CaptureFile, manifest: ExchangeManifest, venue: string): readonly Instrument[] {
  const normalizer = manifest.createNormalizer(venue);
  const found: Instrument[] = [];
  for (const [, frame] of readFrames(file.path)) {
    if (frame.transport !== 'rest') continue;
    const result = tryNormalize(normalizer, frame);
    if (result?.outcome === 'instruments') found.push(...result.instruments);
  }
  return found;
}

/** Errors are counted when the capture itself is checked, not while looking for a listing. */
function tryNormalize(normalizer: Normalizer, frame: RawFrame): NormalizedFrame | undefined {
  try {
    return normalizer.normalize(frame);
  } catch {
    return undefined;
  }
}
