import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExchangeManifest } from '@speed-protocol/core';
import { type FaultSpec, type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { VirtualTime } from '../virtual-time.js';
import { pluginsOf } from '../world.js';
import { compare, compareDesk, type Differences, HEAL_MS, isSame, NO_DIFFERENCES, textsOf, unfinished } from './compare.js';
import { heldJournal } from './held-journal.js';
import { limitWatch } from './limit-watch.js';
import { type OrderFaultReport, reportOf } from './report.js';
import { Seat } from './seat.js';
import { Trader } from './trader.js';
import { deskView, ledgerView, ourView } from './views.js';

export interface OrderFaultOptions {
  readonly seed: number;
  readonly venues: readonly string[];
  /** Over all venues. */
  readonly orders: number;
  /** Share of the orders that a fault has to hit. */
  readonly share: number;
  /** Mean virtual ms between two orders of one venue. */
  readonly everyMs: number;
  /** Every account is left and opened again after so many orders of its venue. */
  readonly restartEvery: number;
  readonly onProgress?: (text: string) => void;
}

const SYMBOLS = 2;
/** A run that does not agree by then is given up, virtual ms. */
const PATIENCE_MS = 60_000;
const CHECK_EVERY_MS = 100;
/** Faults ahead of the share: the last ones may find nothing to strike. */
const SPARE_FAULTS = 5;
const PROGRESS_EVERY = 500;

/** Connectors and accounts of every simulated venue against the simulator, which loses, delays and repeats what it says of orders. */
export async function runOrderFaults(options: OrderFaultOptions): Promise<OrderFaultReport> {
  const began = performance.now();
  const { venues } = options;
  const { plugins, dialects } = await pluginsOf(venues);
  const journalDir = await mkdtemp(path.join(tmpdir(), 'speed-order-faults-'));
  const sim = await startSimulator({
    dialects,
    venues,
    seed: options.seed,
    symbols: SYMBOLS,
    clock: 'virtual',
    flow: { eventsPerSecond: 12 },
  });
  const run = new OrderFaultRun(options, sim, journalDir);
  try {
    for (const venue of Object.keys(sim.ready.venues)) await run.open(venue, await plugins.manifest(venue));
    await run.trade();
    await run.heal();
    // What was still to be cancelled or changed is done by now; it has to agree again.
    await run.answered();
    await run.heal();
    await run.finish();
    return reportOf(run.figures(), Math.round(performance.now() - began) / 1000);
  } finally {
    await run.close();
    await sim.close();
    await rm(journalDir, { recursive: true, force: true });
  }
}

/** One venue of the run: its seat, which restarts replace. */
interface Place {
  readonly venue: string;
  readonly manifest: ExchangeManifest;
  seat: Promise<Seat>;
  placed: number;
}

class OrderFaultRun {
  readonly #places: Place[] = [];
  readonly #time: VirtualTime;
  /** Ids of the faults that wait for an order of their own, and of those that struck. */
  readonly #aimed = new Set<number>();
  readonly #struck = new Set<number>();
  #readRecords = 0;
  readonly #problems: string[] = [];
  readonly #startedAt: number;
  #traders: readonly Trader[] = [];
  #placed = 0;
  #restarts = 0;
  #skews = 0;
  #convergedMs = 0;
  /** What still differed when nothing should any more. */
  #late: readonly string[] | null = null;
  #differences: Differences[] = [];

  constructor(
    private readonly options: OrderFaultOptions,
    private readonly sim: RunningSimulator,
    private readonly journalDir: string,
  ) {
    this.#time = new VirtualTime(sim.clock);
    this.#startedAt = this.#time.now;
  }

  async open(venue: string, manifest: ExchangeManifest): Promise<void> {
    const place: Place = { venue, manifest, placed: 0, seat: this.#take(venue, manifest) };
    this.#places.push(place);
    await this.#time.during(place.seat);
  }

  /** Places all orders, at all venues at a time. */
  async trade(): Promise<void> {
    const each = Math.ceil(this.options.orders / this.#places.length);
    this.#traders = this.#places.map((place) => this.#traderOf(place));
    await this.#time.during(Promise.all(this.#traders.map((trader) => trader.run(0, each))));
    await this.#left();
  }

  /** Faults that wait for an order strike only what has left: some venues let few through in a time. */
  async #left(): Promise<void> {
    const seats = await this.#time.during(Promise.all(this.#places.map(({ seat }) => seat)));
    const haveLeft = () =>
      seats.every(({ account }) => account.orders({ open: true }).every(({ status }) => status !== 'PENDING'));
    await this.#time.until(haveLeft, PATIENCE_MS);
  }

  /** Ends the faults, and waits until all agree with the ledger; of several times the longest counts. */
  async heal(): Promise<void> {
    this.sim.faults.clear();
    const healedAt = this.#time.now;
    for (;;) {
      this.#differences = await this.#time.during(this.#compare());
      if (this.#differences.every(isSame)) break;
      if (this.#time.now - healedAt > HEAL_MS) this.#late ??= this.#differences.flatMap(textsOf);
      if (this.#time.now - healedAt > PATIENCE_MS) return this.#noteConvergence(Number.POSITIVE_INFINITY);
      const next = this.#time.now + CHECK_EVERY_MS;
      await this.#time.until(() => this.#time.now >= next, CHECK_EVERY_MS);
    }
    this.#noteConvergence(this.#time.now - healedAt);
  }

  #noteConvergence(ms: number): void {
    this.#convergedMs = Math.max(this.#convergedMs, ms);
  }

  /** Every command gets an answer, or an error that says that there will be none. */
  async answered(): Promise<void> {
    const all = this.#traders.map((trader) => trader.answered());
    let left = all.length;
    for (const each of all) void each.then(() => left--);
    if (!(await this.#time.until(() => left === 0, PATIENCE_MS))) this.#problems.push('some commands were never answered');
    for (const trader of this.#traders) this.#problems.push(...trader.problems);
  }

  /** Shuts every account down, and compares once more: nothing works, nothing is held. */
  async finish(): Promise<void> {
    for (const { seat } of this.#places) {
      const { account } = await seat;
      const report = await this.#time.during(account.shutdown());
      if (!report.confirmed) this.#problems.push(`${account.venue}: the shutdown is not confirmed: ${JSON.stringify(report)}`);
      const ours = await this.#time.during(ourView(account, this.sim.clock));
      this.#problems.push(...unfinished(ours));
    }
    this.#differences.push(...(await this.#time.during(this.#compare())));
  }

  figures() {
    const struck = this.sim.faults.records;
    const byKind: Record<string, number> = this.#skews > 0 ? { 'clock-skew': this.#skews } : {};
    for (const { kind } of struck) byKind[kind] = (byKind[kind] ?? 0) + 1;
    return {
      seed: this.options.seed,
      venues: this.#places.map(({ venue }) => venue),
      orders: this.#placed,
      share: this.options.share,
      hit: this.#hit(),
      byKind,
      restarts: this.#restarts,
      convergedMs: Number.isFinite(this.#convergedMs) ? this.#convergedMs : null,
      differences: this.#differences,
      problems: [...this.#problems, ...(this.#late ?? []).map((text) => `${HEAL_MS} ms after the last fault: ${text}`)],
      virtualSeconds: Math.round((this.#time.now - this.#startedAt) / 1000),
    };
  }

  /** Orders that were struck by the fault that waited for them. */
  #hit(): number {
    const { records } = this.sim.faults;
    for (; this.#readRecords < records.length; this.#readRecords++) this.#struck.add(records[this.#readRecords]!.faultId);
    let hit = 0;
    for (const id of this.#aimed) if (this.#struck.has(id)) hit++;
    return hit;
  }

  async close(): Promise<void> {
    for (const { seat } of this.#places) {
      const open = await seat.catch(() => null);
      if (open) await this.#time.during(open[Symbol.asyncDispose]());
    }
  }

  #take(venue: string, manifest: ExchangeManifest): Promise<Seat> {
    const { journalDir, sim } = this;
    const openJournal = heldJournal(this.#time);
    // No fault of this run makes a venue say so: then it is the connector that has counted wrong.
    const logger = limitWatch((refusal) => this.#problems.push(refusal));
    return Seat.take({ venue, manifest, journalDir, ready: sim.ready.venues[venue]!, clock: sim.clock, logger, openJournal });
  }

  #traderOf(place: Place): Trader {
    const { seed, everyMs } = this.options;
    const options = {
      ...{ seed, everyMs, venue: place.venue, clock: this.sim.clock },
      wantsFault: () => this.#hit() < this.options.share * this.#placed + SPARE_FAULTS,
      inject: (fault: FaultSpec) => this.#inject(fault),
      onPlaced: (_clientOrderId: string, faultId: number | null) => this.#notePlaced(place, faultId),
    };
    return new Trader(options, () => place.seat);
  }

  #inject(fault: FaultSpec): number {
    const { id } = this.sim.faults.inject(fault);
    // A clock that is off strikes whoever asks next, and is on no record.
    if (fault.kind === 'clock-skew') this.#struck.add(id);
    if (fault.kind === 'clock-skew') this.#skews++;
    return id;
  }

  #notePlaced(place: Place, faultId: number | null): void {
    if (faultId !== null) this.#aimed.add(faultId);
    this.#placed++;
    if (++place.placed % this.options.restartEvery === 0) place.seat = this.#restart(place);
    if (this.#placed % PROGRESS_EVERY === 0) this.options.onProgress?.(`${this.#placed} of ${this.options.orders} orders`);
  }

  /** Leaves the seat with whatever is under way, and takes it again from the journal. */
  async #restart(place: Place): Promise<Seat> {
    this.#restarts++;
    const left = await place.seat;
    await left[Symbol.asyncDispose]();
    return this.#take(place.venue, place.manifest);
  }

  #compare(): Promise<Differences[]> {
    return Promise.all(this.#places.map((place) => this.#compareOne(place)));
  }

  async #compareOne({ venue, seat }: Place): Promise<Differences> {
    const { account, connector } = await seat;
    try {
      const instruments = await connector.reference.instruments();
      const ledger = () => ledgerView(this.sim.controlUrl, venue);
      // What is held is asked for only once the rest agrees: asking all the time would use up what healing needs.
      const orders = compareDesk(deskView(account), await ledger(), instruments);
      return isSame(orders) ? compare(await ourView(account, this.sim.clock), await ledger(), instruments) : orders;
    } catch (error) {
      return { ...NO_DIFFERENCES, money: [`${venue} cannot be asked: ${(error as Error).message}`] };
    }
  }
}
