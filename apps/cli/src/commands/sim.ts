import { Command } from 'commander';
import type { Console } from '../console.js';
import { list, port, repeated, seed } from '../options.js';
import { endless } from '../running/until-interrupted.js';

export interface SimOptions {
  readonly venues?: readonly string[];
  readonly seed?: number;
  readonly symbols?: readonly string[];
  readonly port?: number;
  readonly fault?: readonly string[];
  readonly replay?: readonly string[];
  readonly json?: boolean;
}

const HELP = `
Faults: KIND or KIND:key=value,... with the kinds cut, close, half-open, stall, drop, duplicate, reorder, corrupt, slow, late,
http, hang and maintenance, and the keys venue, topic, path, target, connections, probability, count, durationMs, delayMs, status,
retryAfterSeconds, code and mode; or random:everyMs=5000[,longestMs=2000] for any of them at random instants. Faults of orders:
ack-lose, execute-502, late-ack, slow-ack, duplicate-ack, silent-fill, cancel-race, key-expiry and clock-skew, with the keys
action, account, symbol, clientId and skewMs besides. Examples:
  speed sim --venues binance --fault drop:topic=depth,probability=0.01,durationMs=60000 --fault http:status=429,count=3
  speed sim --seed 7 --fault random:everyMs=5000
  speed sim --fault ack-lose:action=place,probability=0.05 --fault slow-ack:venue=binanceusdm,delayMs=30000

The venues speak the exchanges' own wire protocols on loopback: point any SDK at the printed addresses. Everything random
follows from the seed. With --json one line is printed when it is ready. Ctrl-C stops it.
`;

/** `speed sim` */
export function simCommand(console: Console): Command {
  return new Command('sim')
    .description('an exchange in a box: the wire protocols of the venues on this machine, no keys, no network')
    .option('--venues <ids>', 'venues to simulate, comma separated (default: all that are installed)', list)
    .option('--seed <number>', 'makes the run repeatable (default: drawn and printed)', seed)
    .option('--symbols <list>', 'how many markets of each venue trade from the start, or which, comma separated', list)
    .option('--replay <file>', 'drive the markets of a capture by it, at its pace; may be repeated', repeated)
    .option('--fault <spec>', 'inject a fault, see below; may be repeated', repeated)
    .option('--port <number>', 'first port; the venues take it and the following ones (default: free ports)', port)
    .option('--json', 'one JSON line when ready')
    .addHelpText('after', HELP)
    .action(async (options: SimOptions) => {
      const { runSim } = await import('../running/sim.js');
      await endless(console, () => runSim(console, options));
    });
}
