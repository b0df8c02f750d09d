import { parseArgs } from 'node:util';
import { describeOrders, ordersBench } from './orders.js';

const USAGE = `usage: npm run bench -- orders [--json] [--rounds N]

  --json     only the report as one JSON line
  --rounds   measured rounds, contestants in turn (default 15)

Times in us. "cpu build+sign" is the median of single orders without a network: ours from the call to the signed text that would
leave, against all of ccxt's createOrder; "cpu whole order" is processor time per order, everything included on both sides.
Bursts are the time until the last of 200 orders is answered. ccxt_us is ccxt's createOrder in every row, its default way to
place an order, which is REST; ccxt_ws_us is ccxt pro's own order socket, createOrderWs. The limit is what the machine
allows: the signature alone for the cpu rows, a bare ws client and a bare undici pool of 8 connections otherwise, all against
the same venue. In the p50 rows we and the limit place orders by turns, ccxt in a sequence of its own.
Journal rows: what keeping the intent adds to an order before it leaves. Needs the build (npm run build).`;

/** `bench orders`. @returns exit code */
export async function ordersCommand(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '15' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const report = await ordersBench({ rounds: Number(values.rounds), onRound: (text) => console.error(text) });
  if (!values.json) console.log(`${describeOrders(report)}\n`);
  console.log(JSON.stringify(report));
  return 0;
}
