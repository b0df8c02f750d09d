import { Command } from 'commander';
import type { Console } from '../console.js';
import { integer, list, repeated, seed } from '../options.js';

export interface StressCommandOptions {
  readonly clients: number;
  readonly orders: number;
  readonly cancel?: boolean;
  readonly venue?: readonly string[];
  readonly account?: readonly string[];
  readonly symbol?: string;
  readonly timeout: number;
  readonly target?: string;
  readonly live?: boolean;
  readonly seed?: number;
  readonly fault?: readonly string[];
  readonly html?: string;
  readonly json?: boolean;
}

const HELP = `
Without --target a simulator and a server are started for the run, with accounts enough that the venue's own limits on orders
do not set the pace. Every client connects over WebSocket as any client would, places an order, and waits for its end: market
orders, or with --cancel limit orders that rest and are cancelled at once.

Counted are filled, canceled, expired, rejected (final states of the venue), unknown (sent, or perhaps sent, and no final state
in time) and error (certainly not sent), each with its cause. Afterwards the server's record is read back and compared. The exit
code is 0 only if every order has a final state, none was refused, and nothing contradicts what clients were told.

SPEED_TOKEN is the access token, where the server wants one. Accounts with real money take part only with --live.
Faults of the own simulator are written as for "speed sim", e.g. --fault slow-ack:delayMs=30000,durationMs=600000
`;

/** `speed stress` */
export function stressCommand(console: Console): Command {
  return new Command('stress')
    .description('load through the public door: many clients place orders at once, and every end is counted')
    .option('--clients <number>', 'clients that connect at once', integer(1, 20_000), 200)
    .option('--orders <number>', 'orders of each client, one after the other', integer(1, 100_000), 1)
    .option('--cancel', 'cancel every order as soon as it is placed')
    .option('--venue <ids>', 'venues to trade on, comma separated (default: binanceusdm, or all accounts of the target)', list)
    .option('--account <names>', 'accounts to trade with, comma separated (default: all that may trade)', list)
    .option('--symbol <symbol>', 'what to trade (default: the best known instrument of each venue)')
    .option('--timeout <seconds>', 'how long a client may take to connect, and an order to its end', integer(1, 86_400), 60)
    .option('--target <url>', 'a running server, e.g. ws://127.0.0.1:8765 (default: an own one)')
    .option('--live', 'accounts with real money take part')
    .option('--seed <number>', 'of the own simulator', seed)
    .option('--fault <spec>', 'inject a fault into the own simulator; may be repeated', repeated)
    .option('--html <file>', 'write a report with charts')
    .option('--json', 'one JSON line instead of text')
    .addHelpText('after', HELP)
    .action(async (options: StressCommandOptions) => {
      const { stress } = await import('../stress/command.js');
      await stress(console, options);
    });
}
