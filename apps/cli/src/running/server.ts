import type { Secret } from '@speed-protocol/core';
import { createHost, type HostConfig } from '@speed-protocol/host';
import { createServer, type RunningServer } from '@speed-protocol/server';
import { pino } from 'pino';
import type { ServerOptions } from '../commands/server.js';
import { type Console, printJson, write } from '../console.js';
import { recordFromStart, recordingsOf } from '../history/recordings.js';
import { passphraseOf } from '../keys/run.js';
import { Secrets } from '../keys/secrets.js';
import { APP_DIRECTORY } from '../venues.js';
import { loadServerConfig } from './server-config.js';
import { untilInterrupted } from './until-interrupted.js';

/** Runs the gateway until Ctrl-C. The log goes to standard error, one JSON per line. */
export async function runServer(console: Console, options: ServerOptions): Promise<void> {
  const config = await loadServerConfig(options);
  const logger = pino({ level: config.log.level, base: null }, pino.destination({ dest: 2, sync: true }));
  const credentials = { forget: true, passphrase: await passphraseFor(console, config) };
  await using host = await createHost({ appDirectory: APP_DIRECTORY, config, logger, credentials, signal: console.signal });
  await using recordings = recordingsOf(host, config.recording);
  await using server = await createServer(host, config.server, { recordings });
  for (const [venue, symbols] of Object.entries(config.recording.symbols))
    for (const symbol of symbols) recordFromStart(recordings, venue, symbol, logger);
  if (options.json) await printJson(console, readyLine(server, host.plugins.venues));
  else await write(console, describe(server, host.plugins.venues));
  await untilInterrupted(console);
}

/** Asked for at once when an account is in the key file: nobody is there to answer later. */
async function passphraseFor(console: Console, { accounts }: HostConfig): Promise<Secret | undefined> {
  if (!Object.values(accounts).some(({ key }) => key !== undefined)) return undefined;
  using secrets = new Secrets(console);
  return passphraseOf(secrets);
}

/** What `--json` prints once the server listens. */
export function readyLine({ url, webSocketUrl }: RunningServer, venues: readonly string[]) {
  return { ready: true, url, ws: webSocketUrl, venues } as const;
}

function describe({ url, webSocketUrl }: RunningServer, venues: readonly string[]): string {
  return [
    `SPEED server with ${venues.length > 0 ? venues.join(', ') : 'no venue: npm install @speed-protocol/exchange-NAME'}`,
    `  dashboard  ${url}`,
    `  protocol   ${webSocketUrl}`,
    `  metrics    ${url}metrics   health ${url}health   schema ${url}schema   AsyncAPI ${url}asyncapi.json`,
    'Ctrl-C stops it.\n',
  ].join('\n');
}
