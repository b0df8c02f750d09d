import { type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import type { SimOptions } from '../commands/sim.js';
import { type Console, printJson, table, write } from '../console.js';
import { MAX_SEED } from '../options.js';
import { findInstalled } from '../venues.js';
import { findDialects } from './dialects.js';
import { faultOf } from './faults.js';
import { untilInterrupted } from './until-interrupted.js';

/** Runs the simulator until Ctrl-C. */
export async function runSim(console: Console, options: SimOptions): Promise<void> {
  await using simulator = await openSimulator(options);
  if (options.json) await printJson(console, simulator.ready);
  else await write(console, describe(simulator));
  await untilInterrupted(console);
}

/** What both `sim` and `demo` let the user choose. */
export type SimulatorWishes = { readonly [K in Exclude<keyof SimOptions, 'json'>]?: SimOptions[K] | undefined };

/** Starts the simulator with the dialects of the installed plugins. */
export async function openSimulator(options: SimulatorWishes): Promise<RunningSimulator> {
  const { plugins } = await findInstalled();
  const seed = options.seed ?? Math.floor(Math.random() * MAX_SEED);
  return startSimulator({
    dialects: await findDialects(plugins, options.venues),
    venues: options.venues,
    seed,
    symbols: symbolsOf(options.symbols),
    port: options.port,
    replay: options.replay,
    faults: options.fault?.map((text) => faultOf(text, seed)),
  });
}

/** `--symbols 20` is how many, anything else is which. */
function symbolsOf(list: readonly string[] | undefined): number | readonly string[] | undefined {
  return list?.length === 1 && /^\d+$/.test(list[0] as string) ? Number(list[0]) : list;
}

function describe({ ready }: RunningSimulator): string {
  const rows = Object.entries(ready.venues).flatMap(([venue, endpoints]) => [
    ...urlRows(venue, 'rest', endpoints.rest),
    ...urlRows(venue, 'ws', endpoints.ws),
  ]);
  const symbols = Object.entries(ready.venues).map(([venue, entry]) => [venue, entry.symbols.join(' ')]);
  return [
    `An exchange in a box, seed ${ready.seed}. Ctrl-C stops it.\n`,
    table(['VENUE', 'KIND', 'ADDRESS'], rows),
    table(['VENUE', 'TRADING'], symbols),
    `Oracle and faults: ${ready.control}\n`,
  ].join('\n');
}

function urlRows(venue: string, kind: string, urls: unknown): string[][] {
  if (typeof urls === 'string') return [[venue, kind, urls]];
  return Object.entries((urls ?? {}) as Record<string, string>).map(([name, url]) => [venue, `${kind} ${name}`, url]);
}
