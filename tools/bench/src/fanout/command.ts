import { parseArgs } from 'node:util';
import { describeFanout, fanoutBench } from './fanout.js';

export const FANOUT_USAGE = `usage: npm run bench -- fanout [--json] [--clients N] [--rounds N] [--events N]

  --json     only the report as one JSON line
  --clients  clients of each contestant, in a process of their own (default 1000)
  --rounds   measured rounds, interleaved (default 7)
  --events   events per round (default 48)`;

/** `bench fanout`. @returns exit code */
export async function fanoutCommand(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: 'boolean', default: false },
      clients: { type: 'string', default: '1000' },
      rounds: { type: 'string', default: '7' },
      events: { type: 'string', default: '48' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(FANOUT_USAGE);
    return 0;
  }
  const report = await fanoutBench({
    clients: Number(values.clients),
    rounds: Number(values.rounds),
    events: Number(values.events),
    onRound: (text) => console.error(text),
  });
  if (!values.json) console.log(`${describeFanout(report)}\n`);
  console.log(JSON.stringify(report));
  return 0;
}
