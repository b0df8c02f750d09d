import assert from 'node:assert/strict';
import { type Connector, type ErrorKind, type Logger, SpeedError, silentLogger } from '@speed-protocol/core';
import type { FaultSpec } from '@speed-protocol/simulator';
import type { Bench, CheckRow } from '../check.js';
import { turn, type World } from '../world.js';

/** Trouble of a single request, how its retry is explained, and that it is healed: all questions here are idempotent. */
const HEALED: readonly (readonly [name: string, fault: FaultSpec, kind: ErrorKind])[] = [
  ['a cut', { kind: 'cut', target: 'rest' }, 'connection'],
  ['a 500', { kind: 'http', status: 500 }, 'unavailable'],
  ['a 502', { kind: 'http', status: 502 }, 'unavailable'],
  ['a 503', { kind: 'http', status: 503 }, 'unavailable'],
  ['a 429', { kind: 'http', status: 429, retryAfterSeconds: 5 }, 'rate-limited'],
  ['no answer at all', { kind: 'hang' }, 'timeout'],
];

/** Questions under trouble: errors have their kind, and the venue's limits are respected before it has to say so. */
export const REQUESTS: readonly CheckRow[] = [
  ...HEALED.map(
    ([name, fault, kind]): CheckRow => ({
      room: 'errors',
      name: `a question heals after ${name}, and the log says what was retried`,
      run: (bench) => healsRequest(bench, fault, kind),
    }),
  ),
  {
    room: 'errors',
    name: 'a question that nobody answers for good ends in an error that says so',
    async run({ world, connector, venue }) {
      world.sim.faults.inject({ kind: 'http', status: 503, venue, durationMs: 3_600_000 });
      const error = await world.failure(connector.reference.serverTime(), 'a venue that is away', 600_000);
      assert.ok(SpeedError.is(error, 'unavailable'), String(error));
      assert.equal(error.venue, venue);
    },
  },
  {
    room: 'limits',
    name: 'a ban is respected: nothing goes out until it is over',
    async run({ world, connector, venue }) {
      world.sim.faults.inject({ kind: 'http', status: 429, retryAfterSeconds: 90, venue, target: 'rest', durationMs: 50 });
      const asked = world.sim.faults.hits;
      const question = connector.reference.serverTime().catch((error: unknown) => error);
      await world.pass(80_000);
      assert.ok(world.sim.faults.hits - asked <= 1, 'asked again before the time that the venue named');
      await world.settled(question, 'the question to end', 300_000);
      await world.pass(30_000);
      assert.ok((await world.settled(connector.reference.serverTime(), 'the time after the ban')) > 0);
    },
  },
];

async function healsRequest({ world, venue }: Bench, fault: FaultSpec, kind: ErrorKind): Promise<void> {
  const { logger, warnings } = listening();
  const connector = world.connect({}, logger);
  world.sim.faults.inject({ target: 'rest', ...fault, venue, count: 1 });
  assert.ok((await world.settled(connector.reference.serverTime(), 'the time')) > 0);
  assert.deepEqual(
    warnings.map((fields) => fields['kind']),
    [kind],
  );
}

/** Keeps what is warned of: retries, above all. */
function listening(): { readonly logger: Logger; readonly warnings: Readonly<Record<string, unknown>>[] } {
  const warnings: Readonly<Record<string, unknown>>[] = [];
  const warn = (fields: object) => void warnings.push(fields as Readonly<Record<string, unknown>>);
  return { warnings, logger: { ...silentLogger, warn } };
}

/** Turns without an answer after which time has to move for one to come. */
const IDLE_TURNS = 60;

/** Not all: some would have to wait longer than a call may. */
const ANSWERED = 200;

type Ask = (connector: Connector, symbol: string) => Promise<unknown>;

/** @param calls more than the venue allows at once */
function flood(what: string, calls: number, ask: Ask): CheckRow {
  return {
    room: 'limits',
    name: `never earns a 429, however much is asked at once (${calls} ${what})`,
    run: ({ world }) => floods(world, calls, ask),
  };
}

/** For venues with depth snapshots, their dearest question. */
export const FLOOD = flood('snapshots', 360, async ({ market }, symbol) => market?.depthSnapshot(symbol));
/** The cheapest: what an address may ask of all of them together. */
export const FLOOD_OF_TIMES = flood('times', 700, ({ reference }) => reference.serverTime());

async function floods(world: World, count: number, ask: Ask): Promise<void> {
  const { logger, warnings } = listening();
  const connector = world.connect({}, logger);
  const symbol = world.symbols[0] as string;
  await world.settled(connector.reference.instruments(), 'the instruments');
  let done = 0;
  const calls = Array.from({ length: count }, () => ask(connector, symbol).catch((error: unknown) => error));
  for (const call of calls) void call.then(() => void done++);
  const end = world.now + 400_000;
  for (let idle = 0, seen = 0; done < count && world.now < end; ) {
    await turn();
    idle = done === seen ? idle + 1 : 0;
    seen = done;
    if (idle < IDLE_TURNS) continue;
    world.sim.clock.advance(250);
    idle = 0;
  }
  const failures = (await Promise.all(calls)).filter((result) => SpeedError.is(result));
  // Those that would have waited longer than a call may wait are refused here, unsent.
  for (const failure of failures) assert.match(String(failure), /nothing was sent/);
  assert.ok(count - failures.length >= ANSWERED, `${count - failures.length} of ${count} answered`);
  assert.deepEqual(warnings, []);
}
