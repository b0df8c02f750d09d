import assert from 'node:assert/strict';
import type { FaultSpec } from '@speed-protocol/simulator';
import type { Bench, CheckRow } from '../check.js';
import { CheckedBook } from '../checked-book.js';

const room = 'gaps and resync';
const capability = 'feed depth';
/** The books of the simulation move all the time: so long is long. */
const SILENCE_MS = 180_000;

/** What happens to a stream of books, and what its listeners must be told (`null`: nothing needs to be). */
const FAULTS: readonly (readonly [name: string, fault: FaultSpec, reasons: readonly string[] | null])[] = [
  ['a cut', { kind: 'cut' }, ['disconnect']],
  ['a clean close', { kind: 'close' }, ['disconnect']],
  ['a half-open connection', { kind: 'half-open' }, ['disconnect']],
  ['a lost frame', { kind: 'drop', topic: 'depth', count: 1 }, ['sequence']],
  ['a hundred lost frames', { kind: 'drop', topic: 'depth', count: 100 }, ['sequence', 'stale']],
  ['frames in the wrong order', { kind: 'reorder', topic: 'depth', count: 1 }, ['sequence']],
  ['a frame that comes twice', { kind: 'duplicate', topic: 'depth', count: 5 }, null],
  // Cut short, that is: a bit that flips may stand in a text that nobody reads.
  ['a damaged frame', { kind: 'corrupt', mode: 'truncate', topic: 'depth', count: 1 }, ['decode', 'sequence', 'disconnect']],
  ['a stall of two seconds', { kind: 'stall', durationMs: 2_000 }, null],
  ['a slow line', { kind: 'slow', durationMs: 3_000, delayMs: 400 }, null],
  ['maintenance', { kind: 'maintenance', durationMs: 3_000 }, ['disconnect']],
];

/** Books under trouble: never wrong, never lost, told of every hole. */
export const GAPS: readonly CheckRow[] = [
  ...FAULTS.map(([name, fault, reasons]): CheckRow => {
    return { room, capability, name: `heals after ${name}`, run: (bench) => heals(bench, fault, reasons) };
  }),
  { room, capability, name: 'a hole in one symbol leaves the others alone', run: leavesOthersAlone },
  { room, capability, name: 'one book that falls silent is noticed, told and healed', run: noticesSilence },
  {
    room,
    capability,
    name: 'heals when the venue refuses connections for three minutes, within 15 s after',
    run: outlastsRefusals,
  },
  { room, capability, name: 'heals when snapshots fail or hang', run: outlastsFailingRequests },
  { room, capability, name: 'random faults: no wrong book, no lost subscription', run: random },
];

async function openBooks(bench: Bench): Promise<readonly CheckedBook[]> {
  const books: CheckedBook[] = [];
  for (const symbol of bench.world.symbols) {
    const book = new CheckedBook(bench.world.sim.oracle, bench.venue, symbol);
    await bench.subscribe('depth', book.on, symbol);
    books.push(book);
  }
  await bench.world.until(() => books.every((book) => book.isOpen && book.deltas >= 5), 'books to move');
  return books;
}

async function moveOn(bench: Bench, books: readonly CheckedBook[], limitMs?: number): Promise<void> {
  const before = books.map((book) => book.deltas);
  const moved = () => books.every((book, i) => book.isOpen && book.deltas > (before[i] as number) + 5);
  await bench.world.until(moved, 'every book to heal', limitMs);
  for (const book of books) assert.equal(book.wrong, '', book.symbol);
}

async function heals(bench: Bench, fault: FaultSpec, reasons: readonly string[] | null): Promise<void> {
  const books = await openBooks(bench);
  bench.world.sim.faults.inject({ venue: bench.venue, ...fault });
  if (reasons) await bench.world.until(() => books.some((book) => book.gaps.length > 0), 'the gap to be told');
  await bench.world.pass(4_000);
  await moveOn(bench, books);
  for (const { gaps } of books) for (const told of gaps) assert.ok(!reasons || reasons.includes(told), `told "${told}"`);
  if (!reasons)
    assert.deepEqual(
      books.flatMap(({ gaps }) => gaps).filter((told) => told === 'sequence'),
      [],
    );
}

/** Loses frames of one symbol: so many, or all. */
function lose({ world, venue }: Bench, symbol: string, span: Pick<FaultSpec, 'count' | 'durationMs'>): void {
  const { venueSymbol } = world.sim.oracle.market(venue, symbol).listing;
  // Topics name the symbol in the venue's own way; one of these is it.
  for (const topic of [venueSymbol, venueSymbol.toLowerCase()]) world.sim.faults.inject({ kind: 'drop', venue, topic, ...span });
}

/** The socket lives and brings the other books: nothing but the silence itself tells. */
async function noticesSilence(bench: Bench): Promise<void> {
  const books = await openBooks(bench);
  const [hit, ...others] = books as [CheckedBook, ...CheckedBook[]];
  lose(bench, hit.symbol, { durationMs: 3_600_000 });
  await bench.world.until(() => hit.gaps.length > 0, 'the silence of one book to be noticed', SILENCE_MS);
  assert.deepEqual(hit.gaps, ['stale']);
  bench.world.sim.faults.clear();
  await moveOn(bench, books, SILENCE_MS);
  for (const { symbol, gaps } of others) assert.deepEqual(gaps, [], symbol);
}

async function leavesOthersAlone(bench: Bench): Promise<void> {
  const books = await openBooks(bench);
  const [hit, ...others] = books as [CheckedBook, ...CheckedBook[]];
  lose(bench, hit.symbol, { count: 1 });
  await bench.world.until(() => hit.gaps.length > 0, 'the gap to be told');
  bench.world.sim.faults.clear();
  await moveOn(bench, books);
  for (const { symbol, gaps } of others) assert.deepEqual(gaps, [], symbol);
}

async function outlastsRefusals(bench: Bench): Promise<void> {
  const { world, venue } = bench;
  const books = await openBooks(bench);
  world.sim.faults.inject({ kind: 'http', venue, status: 503, durationMs: 600_000 });
  world.sim.faults.inject({ kind: 'cut', venue });
  await world.pass(180_000);
  assert.ok(books.every((book) => !book.isOpen));
  world.sim.faults.clear();
  await moveOn(bench, books, 15_000);
}

async function outlastsFailingRequests(bench: Bench): Promise<void> {
  const { world, venue } = bench;
  const books = await openBooks(bench);
  world.sim.faults.inject({ kind: 'http', target: 'rest', venue, status: 502, count: 2 });
  world.sim.faults.inject({ kind: 'hang', target: 'rest', venue, count: 1 });
  world.sim.faults.inject({ kind: 'cut', venue });
  await world.pass(5_000);
  await moveOn(bench, books);
}

async function random(bench: Bench): Promise<void> {
  const { world, venue } = bench;
  const books = await openBooks(bench);
  const stop = world.sim.scheduleFaults({ seed: world.sim.seed, everyMs: 1_500, venues: [venue] });
  await world.pass(40_000);
  // Some seeds draw faults that find nothing to hit; fewer than these would not mean anything.
  await world.until(() => world.sim.faults.records.length > 10, 'enough faults to have hit something');
  stop();
  world.sim.faults.clear();
  await moveOn(bench, books);
}
