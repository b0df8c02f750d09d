import { watchBook } from '@speed-protocol/book';
import type { Connector } from '@speed-protocol/core';
import { Random, type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { VirtualTime } from '../virtual-time.js';
import { connectAll, pluginsOf } from '../world.js';
import { drawMarketFault } from './fault-plan.js';
import { type MarketFaultReport, reportOf } from './report.js';
import { MAX_AGE_MS, WatchedBook } from './watched-book.js';

export interface MarketFaultOptions {
  readonly seed: number;
  readonly venues: readonly string[];
  /** Faults that must strike something. */
  readonly faults: number;
  /** Symbols per venue. */
  readonly symbols: number;
  /** Mean virtual ms between faults. */
  readonly everyMs: number;
  readonly onProgress?: (text: string) => void;
}

/** Everything must be live before the faults start, and again this long after they end. */
const SETTLE_MS = 180_000;
/** After healing the books go on for this long: a subscription without an event in it is lost. */
const AFTERMATH_MS = 5_000;
const PROGRESS_EVERY = 100;

/**
 * Connectors of every simulated venue against the simulator, books on all symbols, faults at random; the simulator's
 * own books are the oracle.
 * @throws Error when the books do not even become live before the first fault
 */
export async function runMarketFaults(options: MarketFaultOptions): Promise<MarketFaultReport> {
  const began = performance.now();
  const { seed, venues, symbols } = options;
  const { plugins, dialects } = await pluginsOf(venues);
  const sim = await startSimulator({ dialects, venues, seed, symbols, clock: 'virtual', flow: { eventsPerSecond: 12 } });
  const time = new VirtualTime(sim.clock);
  const connectors = await connectAll(plugins, sim, sim.clock);
  try {
    const run = new MarketFaultRun(options, sim, time);
    await run.watch(connectors);
    await run.strike();
    const lost = await run.heal();
    const realSeconds = Math.round((performance.now() - began) / 100) / 10;
    return reportOf(run.books, { ...run.figures(), lost, realSeconds });
  } finally {
    await time.during(Promise.all(connectors.map((connector) => connector[Symbol.asyncDispose]())));
    await sim.close();
  }
}

class MarketFaultRun {
  readonly books: WatchedBook[] = [];
  private readonly struck = new Set<number>();
  private readonly byKind: Record<string, number> = {};
  private readonly startedAt: number;
  private injected = 0;
  private hitsSeen = 0;

  constructor(
    private readonly options: MarketFaultOptions,
    private readonly sim: RunningSimulator,
    private readonly time: VirtualTime,
  ) {
    this.startedAt = time.now;
    time.onStep((now) => {
      for (const book of this.books) book.step(now);
      this.noteHits();
    });
  }

  /** A book on every symbol of every venue, all live. */
  async watch(connectors: readonly Connector[]): Promise<void> {
    const watching = connectors.flatMap((connector) => {
      const symbols = this.sim.ready.venues[connector.venue]?.symbols ?? [];
      return symbols.map((symbol) => this.watchOne(connector, symbol));
    });
    await this.time.during(Promise.all(watching));
    if (await this.time.until(() => this.allLive(), SETTLE_MS)) return;
    const missing = this.books.filter(({ book }) => book.status().state !== 'live').map(({ name }) => name);
    throw new Error(`not live before the first fault: ${missing.join(', ')}`);
  }

  /** Faults until enough have struck. */
  async strike(): Promise<void> {
    const random = new Random(this.options.seed, 'market-faults');
    const venues = Object.keys(this.sim.ready.venues);
    while (this.struck.size < this.options.faults) {
      this.sim.faults.inject(drawMarketFault(random, venues));
      if (++this.injected % PROGRESS_EVERY === 0) this.progress();
      const next = this.time.now + random.exponential(this.options.everyMs);
      await this.time.until(() => this.time.now >= next, Number.POSITIVE_INFINITY);
    }
  }

  /** Ends the faults and lets everything heal. @returns the books that heard nothing any more */
  async heal(): Promise<WatchedBook[]> {
    this.sim.faults.clear();
    await this.time.until(() => this.allLive(), SETTLE_MS);
    const before = this.books.map(({ events }) => events);
    await this.time.until(() => false, AFTERMATH_MS);
    await this.time.until(() => this.allLive(), SETTLE_MS);
    for (const book of this.books) book.compare(this.time.now);
    return this.books.filter((book, i) => book.events === before[i]);
  }

  figures() {
    return {
      seed: this.options.seed,
      venues: Object.keys(this.sim.ready.venues),
      injected: this.injected,
      struck: this.struck.size,
      byKind: this.byKind,
      virtualSeconds: Math.round((this.time.now - this.startedAt) / 1000),
    };
  }

  private async watchOne(connector: Connector, symbol: string): Promise<void> {
    let watched: WatchedBook | undefined;
    const options = { maxAgeMs: MAX_AGE_MS, clock: this.sim.clock };
    const book = await watchBook(connector, symbol, (_book, event) => watched?.event(event, this.time.now), options);
    watched = new WatchedBook(book, this.sim.oracle);
    this.books.push(watched);
  }

  private allLive(): boolean {
    return this.books.every(({ book }) => book.status().state === 'live');
  }

  /** Counts the faults that struck, each once. */
  private noteHits(): void {
    const { hits, records } = this.sim.faults;
    for (const { faultId, kind } of records.slice(Math.max(0, records.length - (hits - this.hitsSeen)))) {
      if (this.struck.has(faultId)) continue;
      this.struck.add(faultId);
      this.byKind[kind] = (this.byKind[kind] ?? 0) + 1;
    }
    this.hitsSeen = hits;
  }

  private progress(): void {
    const live = this.books.filter(({ book }) => book.status().state === 'live').length;
    const wrong = this.books.reduce((sum, book) => sum + book.wrong.length + book.shownStale.length, 0);
    const seconds = Math.round((this.time.now - this.startedAt) / 1000);
    this.options.onProgress?.(
      `${this.struck.size} of ${this.options.faults} faults struck, ${seconds} s virtual, ${live}/${this.books.length} books live, ${wrong} problems`,
    );
  }
}
