import { describe, expect, it } from 'vitest';
import { chained, contiguous, type Delta, DepthSequencer, type SequenceRule, type SequencerSink } from '../src/index.js';
import { PlainBook, randomOf, VenueBook } from './support/venue-book.js';

const seed = Number(process.env.SPEED_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.SPEED_RUNS ?? 150);

/** A consumer that trusts the chain, and checks it against the truth at every step. */
class Consumer implements SequencerSink {
  readonly book = new PlainBook();
  gaps = 0;
  snapshots = 0;
  deltas = 0;
  private open = false;

  constructor(private readonly truth: VenueBook) {}

  snapshot(snapshot: Parameters<SequencerSink['snapshot']>[0]): void {
    this.insist(!this.open, 'a snapshot without a gap before it');
    this.open = true;
    this.snapshots++;
    this.book.replace(snapshot);
    this.book.sequence = snapshot.sequence as number;
    this.check();
  }

  delta(delta: Delta, previous: number): void {
    this.insist(this.open, 'a delta without a book');
    this.insist(previous === this.book.sequence, `a delta on ${previous} while the book is at ${this.book.sequence}`);
    this.deltas++;
    this.book.apply('bids', delta.bids);
    this.book.apply('asks', delta.asks);
    this.book.sequence = delta.last;
    this.check();
  }

  restarted(): void {
    this.gap();
  }

  gap(): void {
    this.insist(this.open, 'two gaps for one hole');
    this.open = false;
    this.gaps++;
  }

  private check(): void {
    const wrong = this.book.difference(this.truth.at(this.book.sequence));
    this.insist(wrong === '', `wrong book at ${this.book.sequence}: ${wrong}`);
  }

  /** Cheaper than `expect`, which is called a million times here. */
  private insist(right: boolean, otherwise: string): void {
    if (!right) throw new Error(otherwise);
  }
}

interface Faults {
  readonly drop: number;
  readonly duplicate: number;
  readonly reorder: number;
}

/** Runs a stream with faults and snapshots of random age, then heals it. */
function run(rule: SequenceRule, runSeed: number, faults: Faults, steps = 120) {
  const random = randomOf(runSeed);
  const truth = new VenueBook(random, rule === chained);
  const consumer = new Consumer(truth);
  const sequencer = new DepthSequencer(rule, consumer);
  for (let before = 0; before < 10; before++) truth.next();
  let late: Delta | undefined;
  let refused = 0;
  const feed = (delta: Delta) => {
    const wasLive = sequencer.state === 'live';
    sequencer.delta(delta);
    if (sequencer.state === 'syncing' && wasLive) expect(consumer.gaps).toBeGreaterThan(0);
    if (sequencer.state === 'syncing' && random() < 0.4 && !sequencer.offer(truth.snapshot(Math.floor(random() * 12)))) refused++;
  };
  for (let i = 0; i < steps; i++) {
    const delta = truth.next();
    if (random() < faults.drop) continue;
    if (random() < faults.reorder && !late) late = delta;
    else {
      feed(delta);
      if (random() < faults.duplicate) feed(delta);
      if (late) feed(late);
      late = undefined;
    }
  }
  return { truth, consumer, sequencer, refused, feed };
}

const RULES = [chained, contiguous];
const KINDS: readonly (readonly [string, Faults])[] = [
  ['no faults', { drop: 0, duplicate: 0, reorder: 0 }],
  ['drops', { drop: 0.08, duplicate: 0, reorder: 0 }],
  ['duplicates', { drop: 0, duplicate: 0.2, reorder: 0 }],
  ['reorders', { drop: 0, duplicate: 0, reorder: 0.1 }],
  ['all of them', { drop: 0.05, duplicate: 0.1, reorder: 0.05 }],
];

describe(`DepthSequencer on a faulty stream (SPEED_SEED=${seed})`, () => {
  for (const rule of RULES) {
    it.each(KINDS)(
      `${rule.name}: the book is the true one at every step, or a gap was told: %s (break-it: sequence check)`,
      (_, faults) => {
        let snapshots = 0;
        let deltas = 0;
        for (let i = 0; i < RUNS; i++) {
          const { consumer } = run(rule, seed + i, faults);
          snapshots += consumer.snapshots;
          deltas += consumer.deltas;
        }
        // The checks are in the consumer; here, that it had something to check.
        expect(snapshots).toBeGreaterThanOrEqual(RUNS * 0.9);
        expect(deltas).toBeGreaterThan(RUNS * 10);
      },
    );

    it(`${rule.name}: heals once the faults are over`, () => {
      for (let i = 0; i < RUNS; i++) {
        const { truth, consumer, sequencer, feed } = run(rule, seed + i, { drop: 0.1, duplicate: 0.1, reorder: 0.1 });
        for (let steps = 0; steps < 40; steps++) feed(truth.next());
        if (sequencer.state === 'syncing') expect(sequencer.offer(truth.snapshot(0))).toBe(true);
        expect(sequencer.state).toBe('live');
        expect(consumer.book.difference(truth.snapshot(0))).toBe('');
      }
    });

    it(`${rule.name}: every hole in a live stream is told with the next delta`, () => {
      for (let i = 0; i < RUNS; i++) {
        const truth = new VenueBook(randomOf(seed + i), rule === chained);
        const consumer = new Consumer(truth);
        const sequencer = new DepthSequencer(rule, consumer);
        sequencer.delta(truth.next());
        expect(sequencer.offer(truth.snapshot(0))).toBe(true);
        sequencer.delta(truth.next());
        expect(consumer.gaps).toBe(0);
        truth.next();
        sequencer.delta(truth.next());
        expect(consumer.gaps).toBe(1);
        expect(sequencer.state).toBe('syncing');
      }
    });

    it(`${rule.name}: without faults there is no gap, and old snapshots are refused`, () => {
      let refusals = 0;
      for (let i = 0; i < RUNS; i++) {
        const { consumer, refused } = run(rule, seed + i, { drop: 0, duplicate: 0.1, reorder: 0 });
        expect(consumer.gaps).toBe(0);
        expect(consumer.snapshots).toBeLessThanOrEqual(1);
        refusals += refused;
      }
      expect(refusals).toBeGreaterThan(0);
    });

    it(`${rule.name}: a chain is continued by another connection without a snapshot`, () => {
      for (let i = 0; i < RUNS; i++) {
        const random = randomOf(seed + i);
        const truth = new VenueBook(random, rule === chained);
        const consumer = new Consumer(truth);
        const first = new DepthSequencer(rule, consumer);
        first.delta(truth.next());
        first.offer(truth.snapshot(0));
        const shared = Array.from({ length: 5 }, () => truth.next());
        for (const delta of shared) first.delta(delta);
        const second = new DepthSequencer(rule, consumer);
        second.adopt(first.last);
        // What the new connection repeats, then what it brings.
        for (const delta of shared.slice(Math.floor(random() * 5))) expect(second.delta(delta)).toBe(false);
        for (let n = 0; n < 5; n++) expect(second.delta(truth.next())).toBe(true);
        expect([consumer.gaps, consumer.snapshots]).toEqual([0, 1]);
        expect(consumer.book.difference(truth.snapshot(0))).toBe('');
      }
    });
  }
});
