import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@speed-protocol/core';
import { createHost, DEFAULT_CONFIG, type HostConfig } from '@speed-protocol/host';
import { createServer } from '@speed-protocol/server';
import type { ReadyLine } from '@speed-protocol/simulator';
import { textLogger } from '../running/log.js';
import { APP_DIRECTORY } from '../venues.js';
import { live } from './child.js';

export interface ServerWishes {
  readonly simulator: ReadyLine;
  /** Per venue. */
  readonly accounts: number;
}

/** Sockets that the server of a run takes: more than any run has. */
const CLIENTS = 25_000;

live<ServerWishes, string>(async ({ simulator, accounts }, untilOver) => {
  const logger = textLogger((text) => process.stderr.write(`${text}\n`));
  const config = await configOf(simulator, accounts);
  const venues = Object.keys(simulator.venues);
  await using host = await createHost({ appDirectory: APP_DIRECTORY, config, venues, logger });
  const journal = await mkdtemp(join(tmpdir(), 'speed-stress-'));
  try {
    const settings = { port: 0, journalDirectory: journal, limits: { clients: CLIENTS, resumeSessions: CLIENTS } };
    await using server = await createServer(host, settings);
    await untilOver(server.webSocketUrl);
  } finally {
    await rm(journal, { recursive: true, force: true });
  }
});

/** Every simulated venue, with accounts of the run's own. */
async function configOf({ venues, control }: ReadyLine, count: number): Promise<HostConfig> {
  const rows = Object.entries(venues).map(([venue, { rest }]) => [venue, { environment: 'sim', origin: Object.values(rest)[0] }]);
  const opened = Object.keys(venues).flatMap((venue) =>
    Array.from({ length: count }, (_, at) => openAccount(control, venue, at)),
  );
  return { ...DEFAULT_CONFIG, venues: Object.fromEntries(rows), accounts: Object.fromEntries(await Promise.all(opened)) };
}

async function openAccount(control: string, venue: string, at: number) {
  const name = `stress-${venue}-${at}`;
  const response = await fetch(new URL('/__sim/accounts', control), { method: 'POST', body: JSON.stringify({ venue, name }) });
  const { credentials } = (await response.json()) as { credentials: Readonly<Record<string, string>> };
  const secrets = Object.entries(credentials).map(([field, text]) => [field, new Secret(text)]);
  return [name, { venue, environment: 'sim', ...Object.fromEntries(secrets), config: {} }];
}
