import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@speed-protocol/core';
import { createHost, DEFAULT_CONFIG, type HostConfig } from '@speed-protocol/host';
import type { Recordings } from '@speed-protocol/recorder';
import { createServer } from '@speed-protocol/server';
import type { ReadyLine } from '@speed-protocol/simulator';
import type { DemoOptions } from '../commands/demo.js';
import { type Console, note, printJson, write } from '../console.js';
import { recordingsOf } from '../history/recordings.js';
import { APP_DIRECTORY } from '../venues.js';
import { textLogger } from './log.js';
import { readyLine } from './server.js';
import { openSimulator } from './sim.js';
import { untilInterrupted } from './until-interrupted.js';

/** Simulator and gateway in this process, until Ctrl-C. */
export async function runDemo(console: Console, options: DemoOptions): Promise<void> {
  await using simulator = await openSimulator({ venues: options.venues, seed: options.seed });
  const { ready } = simulator;
  const config = demoConfig(ready);
  const logger = textLogger((text) => note(console, text));
  // What is not simulated does not exist here: a demo reaches for no network.
  const venues = Object.keys(ready.venues);
  await using host = await createHost({ appDirectory: APP_DIRECTORY, config, venues, logger, signal: console.signal });
  await using recordings = recordingsOf(host, { to: options.to, keepDays: options.keepDays });
  await using journal = await temporaryFolder();
  await using server = await createServer(host, { port: options.port, journalDirectory: journal.path }, { recordings });
  const recorded = options.record ? await recordSamples(console, recordings, ready) : null;
  if (options.json) await printJson(console, { ...readyLine(server, venues), seed: ready.seed, sim: ready, recorded });
  else await write(console, describe(server.url, server.webSocketUrl, ready, recorded));
  await untilInterrupted(console);
  await server.close();
  await recordings[Symbol.asyncDispose]();
  if (recorded !== null) note(console, summary(recordings.status, options.to));
}

function summary({ rows, gaps, files, location, problem }: Recordings['status'], to: string): string {
  const proof = problem === null ? `prove it with: speed verify ${to}` : problem;
  return `recorded ${rows} rows (${gaps} of them gaps) in ${files} files to ${location}; ${proof}`;
}

/** The first symbol of every venue. What cannot be recorded is said, and does not keep the demo from running. */
async function recordSamples(console: Console, recordings: Recordings, { venues }: ReadyLine): Promise<Recorded | null> {
  for (const [venue, { symbols }] of Object.entries(venues)) {
    try {
      await recordings.start(venue, symbols[0] as string, undefined, { signal: console.signal });
    } catch (error) {
      note(console, `not recorded: ${(error as Error).message}`);
      // Without a store nothing else can be recorded either.
      if (recordings.status.state === 'idle') return null;
    }
  }
  const { location, symbols } = recordings.status;
  return { location, symbols: symbols.map(({ venue, symbol }) => ({ venue, symbol })) };
}

interface Recorded {
  readonly location: string;
  readonly symbols: readonly { readonly venue: string; readonly symbol: string }[];
}

/** Orders of a demo end with it: the next one simulates another exchange. */
async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'speed-demo-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Every simulated venue, reached at its simulated address, with the account that it opens at its start. */
function demoConfig({ venues }: ReadyLine): HostConfig {
  const rows = Object.entries(venues).map(([venue, { rest }]) => [venue, { environment: 'sim', origin: Object.values(rest)[0] }]);
  const accounts = Object.entries(venues).flatMap(([venue, { credentials }]) => {
    if (!credentials) return [];
    const secrets = Object.entries(credentials).map(([field, text]) => [field, new Secret(text)]);
    return [[demoAccount(venue), { venue, environment: 'sim', ...Object.fromEntries(secrets), config: {} }]];
  });
  return { ...DEFAULT_CONFIG, venues: Object.fromEntries(rows), accounts: Object.fromEntries(accounts) };
}

const demoAccount = (venue: string): string => `demo-${venue}`;

function describe(url: string, webSocketUrl: string, { venues, seed, control }: ReadyLine, recorded: Recorded | null): string {
  const accounts = Object.entries(venues).flatMap(([venue, { credentials }]) => (credentials ? [demoAccount(venue)] : []));
  return [
    '',
    `  Open ${url} in a browser.`,
    '',
    `  simulated  ${Object.keys(venues).join(', ')} (seed ${seed}; no keys, no network)`,
    `  accounts   ${accounts.length > 0 ? accounts.join(', ') : 'none'}`,
    `  protocol   ${webSocketUrl}`,
    `  oracle     ${control}`,
    ...(recorded === null ? [] : [`  recording  ${recorded.symbols.length} symbols to ${recorded.location}`]),
    '',
    'Ctrl-C stops everything.\n',
  ].join('\n');
}
