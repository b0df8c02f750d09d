import { systemClock } from '@speed-protocol/core';
import { type Assembly, assemble, openMarkets } from './assemble.js';
import { followRealTime, VirtualClock } from './clock.js';
import { describeVenues, openDoors } from './doors.js';
import { Faults } from './faults/faults.js';
import { type FaultSchedule, runSchedule } from './faults/schedule.js';
import { checkFault } from './faults/spec.js';
import { readCaptures } from './flow/capture.js';
import { ReplayRun } from './flow/replay-run.js';
import { Oracle } from './oracle.js';
import { accountsOf } from './server/account-control.js';
import { ControlServer } from './server/control.js';
import { controlRoutes } from './server/control-routes.js';
import type { VenueServer } from './server/exchange.js';
import type { Origin } from './server/origin.js';
import type { ReadyLine, RunningSimulator, SimulatorOptions } from './simulation.js';
import { createWorld } from './world.js';

/** Virtual runs begin here unless told otherwise: 2026-11-20 00:00 UTC. */
const VIRTUAL_START = Date.UTC(2026, 10, 20);
const WARMUP_MS = 20_000;
const SYMBOLS = 3;

/** A simulation without its doors: time, venues, faults, the truth. */
interface Inside {
  readonly seed: number;
  readonly virtual: boolean;
  readonly clock: VirtualClock;
  readonly assembly: Assembly;
  readonly replay: ReplayRun | undefined;
  readonly oracle: Oracle;
  readonly faults: Faults;
  /** Filled when the doors open. */
  readonly origins: Origin[];
  catchUp(): void;
  stop(): void;
}

/**
 * Starts an exchange in a box on loopback.
 * @throws SpeedError `config` on an unknown venue or symbol, a capture that cannot be played, or a port in use;
 * `invalid-request` on a fault that is none
 */
export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  for (const fault of options.faults ?? []) if (!('everyMs' in fault)) checkFault(fault);
  const inside = await prepare(options);
  try {
    return await open(inside, options);
  } catch (error) {
    await shut(inside);
    throw error;
  }
}

async function prepare(options: SimulatorOptions): Promise<Inside> {
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31);
  const virtual = options.clock !== undefined && options.clock !== 'real';
  const begin = typeof options.clock === 'number' ? options.clock : virtual ? VIRTUAL_START : systemClock.now();
  const clock = new VirtualClock(begin - (options.warmupMs ?? WARMUP_MS));
  const world = createWorld({ clock, seed, flow: options.flow, historyChanges: options.historyChanges });
  const origins: Origin[] = [];
  const faults: Faults = new Faults({
    clock,
    random: world.random.fork('faults'),
    peers: () => origins.flatMap((origin) => [...origin.peers]),
    announceShutdown: (venue) => {
      for (const server of serversOf(assembly, venue)) server.announceShutdown?.();
    },
    expireKeys: (venue) => serversOf(assembly, venue).reduce((sum, server) => sum + (server.expireKeys?.() ?? 0), 0),
  });
  const assembly = assemble(options, world, faults.orders);
  const replay = await populate(options, assembly);
  clock.advanceTo(begin);
  replay?.start(clock);
  const { catchUp, stop } = virtual ? { catchUp() {}, stop() {} } : followRealTime(clock, systemClock);
  return { seed, virtual, clock, assembly, replay, oracle: new Oracle(assembly.venues, catchUp), faults, origins, catchUp, stop };
}

/** Opens the markets that trade from the start. @returns the replay that drives them, if any */
async function populate(options: SimulatorOptions, { venues }: Assembly): Promise<ReplayRun | undefined> {
  const readers = options.dialects.flatMap(({ replay }) => (replay ? [replay] : []));
  const replay = options.replay && new ReplayRun(await readCaptures(options.replay, readers), venues);
  openMarkets(venues, options.symbols ?? (replay ? 0 : SYMBOLS));
  return replay;
}

async function open(inside: Inside, options: SimulatorOptions): Promise<RunningSimulator> {
  const { seed, clock, oracle, faults, assembly, origins, replay, catchUp } = inside;
  origins.push(...(await openDoors(assembly, { port: options.port, clock, catchUp, faults })));
  const { venues, servers } = assembly;
  const state = { ...inside, venues, servers, ready: () => ready, replay: () => replay?.progress };
  const control = await ControlServer.open(controlRoutes(state), options.port ? options.port + origins.length : 0);
  const ready: ReadyLine = { ready: true, seed, control: control.url, venues: describeVenues(origins, assembly) };
  const scheduleFaults = (schedule: FaultSchedule) => runSchedule(faults, clock, schedule);
  for (const fault of options.faults ?? []) {
    if ('everyMs' in fault) scheduleFaults(fault);
    else faults.inject(fault);
  }
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= Promise.all([control.close(), shut(inside)]).then(() => {});
    return closing;
  };
  const accounts = (venue: string) => accountsOf(venue, servers);
  const running = { ready, seed, controlUrl: control.url, clock, oracle, faults, accounts, scheduleFaults, catchUp, close };
  return { ...running, replayProgress: () => replay?.progress, [Symbol.asyncDispose]: close };
}

async function shut({ origins, stop }: Inside): Promise<void> {
  stop();
  await Promise.all(origins.map((origin) => origin.close()));
}

function serversOf({ servers }: Assembly, venue: string | undefined): readonly VenueServer[] {
  return [...servers].flatMap(([id, server]) => ((venue ?? id) === id ? [server] : []));
}
