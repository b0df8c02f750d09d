import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connector, decimal, defineExchange, type Instrument, SpeedError, type SpeedEvent } from '@speed-protocol/core';
import { createHost } from '@speed-protocol/host';
import { createServer, type RunningServer } from '@speed-protocol/server';
import { SYMBOL, VENUE } from './event.js';

export interface SpeedContestant extends AsyncDisposable {
  readonly server: RunningServer;
  /** What the connector would call when a frame has been decoded. */
  publish(event: SpeedEvent): void;
}

const CAPABILITIES = { market: { feeds: ['depth'] } } as const;
const INSTRUMENT: Instrument = {
  venue: VENUE,
  symbol: SYMBOL,
  venueSymbol: 'BTCUSDT',
  kind: 'spot',
  status: 'open',
  base: 'BTC',
  quote: 'USDT',
  contractSize: decimal('1'),
  tickSize: decimal('0.1'),
  lotSize: decimal('0.001'),
};

/** The server as an app starts it, with a plugin that publishes what the bench says. */
export async function startSpeed(): Promise<SpeedContestant> {
  const listeners = new Set<(event: SpeedEvent) => void>();
  const app = writeApp(manifest(listeners));
  const host = await createHost({ appDirectory: app, projectDirectory: null });
  // No pings: the bench counts every byte.
  const server = await createServer(host, { port: 0, limits: { clients: 20_000, pingMs: 3_600_000 } });
  return {
    server,
    publish(event) {
      for (const listener of listeners) listener(event);
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await host[Symbol.asyncDispose]();
      rmSync(app, { recursive: true });
    },
  };
}

function manifest(listeners: Set<(event: SpeedEvent) => void>) {
  return defineExchange({
    id: VENUE,
    venues: [{ id: VENUE, name: 'Bench', capabilities: CAPABILITIES }],
    parseConfig: (input) => input,
    create: () => connector(listeners),
    createNormalizer() {
      throw new SpeedError('unsupported', 'the bench has no wire');
    },
  });
}

function connector(listeners: Set<(event: SpeedEvent) => void>): Connector {
  return {
    venue: VENUE,
    capabilities: CAPABILITIES,
    reference: { instruments: async () => [INSTRUMENT], instrument: async () => INSTRUMENT, serverTime: async () => 0 },
    market: {
      async subscribe(feed, symbol, on) {
        const listener = on as (event: SpeedEvent) => void;
        listeners.add(listener);
        const stop = async () => void listeners.delete(listener);
        return { feed, symbol, state: 'live', closed: new Promise<void>(() => undefined), [Symbol.asyncDispose]: stop };
      },
      depthSnapshot: () => Promise.reject(new SpeedError('unsupported', 'the bench has no snapshots')),
    },
    connections: () => [],
    async [Symbol.asyncDispose]() {},
  };
}

/** A directory with one installed plugin, found as every plugin is. */
function writeApp(exported: unknown): string {
  const app = mkdtempSync(join(tmpdir(), 'speed-bench-'));
  const plugin = join(app, 'node_modules/exchange-bench');
  mkdirSync(plugin, { recursive: true });
  (globalThis as { speedBench?: unknown }).speedBench = exported;
  const json = { name: 'exchange-bench', version: '1.0.0', type: 'module', exports: './index.js' };
  writeFileSync(join(app, 'package.json'), '{"name":"app","dependencies":{"exchange-bench":"*"}}');
  writeFileSync(join(plugin, 'package.json'), JSON.stringify({ ...json, speed: { kind: 'exchange', api: 1, venues: [VENUE] } }));
  writeFileSync(join(plugin, 'index.js'), 'export default globalThis.speedBench;');
  return app;
}
