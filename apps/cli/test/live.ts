import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { firstLine, interrupt, start } from './harness.js';

export interface SimReady {
  readonly control: string;
  readonly venues: Readonly<
    Record<string, { readonly rest: Readonly<Record<string, string>>; readonly credentials: Credentials }>
  >;
}
export interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
}
export interface ServerReady {
  readonly url: string;
  readonly ws: string;
}

/** A child of the real binary and all that it wrote. */
export class Running {
  output = '';

  constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (this.output += String(data)));
  }

  /** kill -9 */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await interrupt(this.child);
  }
}

/** `speed sim` and a folder for the configuration and journals of servers in front of it. */
export async function startSim(venues: readonly string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'speed-live-'));
  const sim = new Running(start(['sim', '--venues', venues.join(','), '--symbols', '1', '--seed', '11', '--json']));
  const ready = JSON.parse(await firstLine(sim.child)) as SimReady;
  const servers: Running[] = [];
  return {
    folder,
    ready,
    /** Where the venues are, for the configuration. */
    venues: Object.fromEntries(
      Object.entries(ready.venues).map(([venue, { rest }]) => [venue, { environment: 'sim', origin: Object.values(rest)[0] }]),
    ),
    async server(config: object, options: { readonly port?: number; readonly env?: NodeJS.ProcessEnv } = {}) {
      const file = path.join(folder, 'speed.json');
      writeFileSync(file, JSON.stringify(config));
      const args = ['server', '--config', file, '--port', String(options.port ?? 0), '--json'];
      const server = new Running(start(args, folder, options.env));
      servers.push(server);
      const listening = JSON.parse(await firstLine(server.child)) as ServerReady;
      return Object.assign(server, { ready: listening });
    },
    async [Symbol.asyncDispose]() {
      // A test that failed has not stopped its own.
      for (const server of servers) server.child.kill('SIGKILL');
      await sim.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
