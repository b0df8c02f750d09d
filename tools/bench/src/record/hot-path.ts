import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OrderBook } from '@speed-protocol/book';
import { EngineThread, HistoryWriter } from '@speed-protocol/history';
import { createMarket } from './market.js';
import { Preemption } from './preemption.js';

export interface HotPathResult {
  /** us from an event's due time to its book being up to date, without and with recording beside it; medians over the rounds. */
  readonly p50_us: number;
  readonly p99_us: number;
  readonly recording_p50_us: number;
  readonly recording_p99_us: number;
  /** Median over the pairs of rounds of what recording makes of the p99. */
  readonly p99_ratio: number;
  /** Pairs of rounds that were measured. */
  readonly pairs: number;
  /** Share of events that are left out: they were due while the thread waited for a processor that others had. */
  readonly spoiled: number;
}

/** Events per second, in bursts of one per turn of the event loop. */
const PER_SECOND = 5_000;
const ROUND_SECONDS = 0.5;

interface Round {
  readonly p50: number;
  readonly p99: number;
}

/**
 * Book updates with a recorder beside them (its log and Parquet in their own thread) and without. Rounds are short and come in
 * pairs of the same events, which of the two goes first alternates: what else the machine does hits both alike, and each
 * pair has its own ratio, of which the median counts.
 */
export async function runHotPath(seconds: number): Promise<HotPathResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'speed-bench-hot-'));
  try {
    const persister = import.meta.resolve('@speed-protocol/persister-local');
    const thread = await EngineThread.open({
      persister,
      location: path.join(folder, 'data'),
      spool: path.join(folder, 'spool'),
      segmentBytes: 2 << 20,
    });
    const writer = new HistoryWriter(thread);
    const meter = new Meter();
    const pairs = Math.max(3, Math.round(seconds / (2 * ROUND_SECONDS)));
    await meter.round(undefined);
    await meter.round(writer);
    meter.reset();
    const rounds: { plain: Round; recording: Round }[] = [];
    for (let k = 0; k < pairs; k++) {
      const first = await meter.round(k % 2 === 0 ? undefined : writer);
      const second = await meter.round(k % 2 === 0 ? writer : undefined);
      rounds.push(k % 2 === 0 ? { plain: first, recording: second } : { plain: second, recording: first });
    }
    await writer.close();
    const middle = (of: (pair: (typeof rounds)[number]) => number) => Number(median(rounds.map(of)).toFixed(1));
    return {
      p50_us: middle(({ plain }) => plain.p50),
      p99_us: middle(({ plain }) => plain.p99),
      recording_p50_us: middle(({ recording }) => recording.p50),
      recording_p99_us: middle(({ recording }) => recording.p99),
      p99_ratio: Number(median(rounds.map(({ plain, recording }) => recording.p99 / plain.p99)).toFixed(3)),
      pairs,
      spoiled: Number(meter.spoiled.toFixed(3)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

class Meter {
  #events = 0;
  #spoiled = 0;

  reset(): void {
    this.#events = this.#spoiled = 0;
  }

  get spoiled(): number {
    return this.#spoiled / this.#events;
  }

  async round(writer: HistoryWriter | undefined): Promise<Round> {
    const { event, next } = createMarket(1);
    const book = new OrderBook({ tickSize: '0.1' });
    book.applyDepth({ ...event, kind: 'snapshot', prevSequence: null });
    const latencies: number[] = [];
    using preemption = new Preemption();
    let isLate = false;
    const start = performance.now();
    for (let n = 0; n < ROUND_SECONDS * PER_SECOND; n++) {
      const due = start + (n * 1000) / PER_SECOND;
      let now = performance.now();
      if (preemption.happened(now)) isLate = true;
      // Whoever has caught up is late no more.
      if (now < due) isLate = false;
      while (now < due) {
        await new Promise((resolve) => setImmediate(resolve));
        now = performance.now();
        if (preemption.happened(now)) isLate = true;
      }
      next();
      book.applyDepth(event);
      writer?.push(event);
      now = performance.now();
      if (preemption.happened(now)) isLate = true;
      this.#events++;
      if (isLate) this.#spoiled++;
      else latencies.push((now - due) * 1000);
    }
    return quantiles(latencies);
  }
}

function quantiles(values: number[]): Round {
  values.sort((a, b) => a - b);
  const at = (q: number) => values[Math.min(values.length - 1, Math.floor(q * values.length))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? Number.NaN) + (sorted[sorted.length >> 1] ?? Number.NaN)) / 2;
}
