import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, Secret, silentLogger, systemClock } from '@speed-protocol/core';
import { createHost, DEFAULT_CONFIG, type HostConfig, Plugins } from '@speed-protocol/host';
import { type Dialect, type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { createServer, type RunningServer, type ServerInput } from '../src/index.js';

const CONDITIONS = ['@speed/source'];

export interface Exchange extends AsyncDisposable {
  readonly simulator: RunningSimulator;
  /** Of the server that runs now. */
  server: RunningServer;
  readonly journal: string;
  /** Ends the server and starts another one on the same journals. */
  restart(): Promise<void>;
}

interface ExchangeOptions {
  readonly seed: number;
  readonly server?: NonNullable<ServerInput>;
  readonly venues?: readonly string[];
  readonly logger?: Logger;
}

/** Every real part: simulated exchange, plugin, host, server; an account `<venue>` on each venue. */
export async function startExchange({ seed, server, venues, logger = silentLogger }: ExchangeOptions): Promise<Exchange> {
  const plugins = await Plugins.discover({ directories: [import.meta.dirname], conditions: CONDITIONS });
  const simulated = plugins.list.filter((info) => info.venues.includes('binance'));
  const dialects = (await Promise.all(simulated.map((info) => plugins.import(info, info.sim)))) as Dialect[];
  const simulator = await startSimulator({ dialects, seed, symbols: 2, ...(venues && { venues }) });
  const journal = mkdtempSync(join(tmpdir(), 'speed-journal-'));
  const config = configOf(simulator);
  // Allowances are kept by clock: with its own, this exchange shares none with others of this process.
  const clock = { ...systemClock };
  const open = async (port = 0) => {
    const host = await createHost({
      ...{ appDirectory: import.meta.dirname, projectDirectory: null, conditions: CONDITIONS, config, logger, clock },
    });
    const made = await createServer(host, { port, bookIntervalMs: 20, journalDirectory: journal, ...server });
    return { host, made };
  };
  const discard = async () => {
    await simulator[Symbol.asyncDispose]();
    rmSync(journal, { recursive: true, force: true });
  };
  let { host, made } = await open().catch(async (error: unknown) => {
    await discard();
    throw error;
  });
  const close = async () => {
    await made.close();
    await host[Symbol.asyncDispose]();
  };
  const exchange: Exchange = {
    simulator,
    server: made,
    journal,
    async restart() {
      await close();
      ({ host, made } = await open(made.port));
      exchange.server = made;
    },
    async [Symbol.asyncDispose]() {
      await close();
      await discard();
    },
  };
  return exchange;
}

function configOf({ ready }: RunningSimulator): HostConfig {
  const rows = Object.entries(ready.venues).map(([venue, { rest }]) => [
    venue,
    { environment: 'sim', origin: Object.values(rest)[0] },
  ]);
  const accounts = Object.entries(ready.venues).map(([venue, { credentials }]) => {
    const secrets = { apiKey: new Secret(credentials!.apiKey), secret: new Secret(credentials!.secret) };
    return [venue, { venue, environment: 'sim', ...secrets, config: {} }];
  });
  return { ...DEFAULT_CONFIG, venues: Object.fromEntries(rows), accounts: Object.fromEntries(accounts) };
}
