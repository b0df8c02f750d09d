import { Command } from 'commander';
import type { Console } from '../console.js';
import { port } from '../options.js';
import { endless } from '../running/until-interrupted.js';

export interface ServerOptions {
  readonly config?: string;
  readonly host?: string;
  readonly port?: number;
  readonly json?: boolean;
}

/** `speed server` */
export function serverCommand(console: Console): Command {
  return new Command('server')
    .description('the gateway: one WebSocket and HTTP protocol over all installed venues, and the dashboard')
    .option('--config <file>', 'configuration file (default: speed.yaml, speed.yml or speed.json here, if there is one)')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1; others need a token and TLS)')
    .option('--port <number>', 'port to listen on; 0 takes a free one (default: 8765)', port)
    .option('--json', 'one JSON line when ready')
    .action(async (options: ServerOptions) => {
      const { runServer } = await import('../running/server.js');
      await endless(console, () => runServer(console, options));
    });
}
