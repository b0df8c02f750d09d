import { Command } from 'commander';
import type { Console } from '../console.js';
import { integer } from '../options.js';
import type { Action } from '../trade/run.js';

/** What every command below `trade` takes. */
export interface TradeOptions {
  readonly target?: string;
  readonly account?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export interface PlaceOptions extends TradeOptions {
  readonly price?: string;
  readonly tif?: string;
  readonly reduceOnly?: boolean;
  readonly wait?: boolean;
  readonly timeout: number;
}

export interface FilterOptions extends TradeOptions {
  readonly symbol?: string;
  readonly all?: boolean;
  readonly limit: number;
}

export interface CancelOptions extends TradeOptions {
  readonly all?: boolean;
  readonly symbol?: string;
}

export interface AmendOptions extends TradeOptions {
  readonly price?: string;
  readonly amount?: string;
}

const HELP = `
Orders go through a running server ("speed server" or "speed demo"); keys stay there. Amounts and prices are exact decimal
texts: base units on spot, contracts on derivatives. Whatever sends or cancels an order shows it first and asks; without a
terminal it needs --yes. SPEED_TOKEN is the access token, where the server wants one.

Examples:
  speed trade place BTC/USDT:USDT buy 0.01 --price 60000 --account demo-binanceusdm
  speed trade place BTC/USDT sell 0.001 --account demo-binance --wait --yes --json
  speed trade orders --account demo-binance; speed trade cancel --all --account demo-binance --yes

place exits with 0 when the order was taken (with --wait: when it has a final state that is not a refusal); an order of which
nobody knows is a failure, and is never said to be one of the venue's.
`;

/** `speed trade` */
export function tradeCommand(console: Console): Command {
  const trade = new Command('trade')
    .description('the terminal trading client, through a running server')
    .addHelpText('after', HELP);
  for (const command of [accounts, place, amend, cancel, orders, order, fills, positions, balances, pnl, kill, resume, shutdown])
    trade.addCommand(common(command(console)));
  return trade;
}

function common(command: Command): Command {
  return command
    .option('--target <url>', 'the server (default: SPEED_SERVER, else ws://127.0.0.1:8765)')
    .option('--account <name>', 'account of the server (default: SPEED_ACCOUNT, else the only one)')
    .option('--json', 'JSON for scripts');
}

const confirmed = (command: Command): Command => command.option('--yes', 'do not ask');

/** Runs one action of the trading client. */
async function act<A extends keyof Action>(
  console: Console,
  action: A,
  ...args: Parameters<Action[A]> extends [Console, ...infer R] ? R : never
) {
  const { ACTIONS } = await import('../trade/run.js');
  await (ACTIONS[action] as (...all: unknown[]) => Promise<void>)(console, ...args);
}

const accounts = (console: Console) =>
  new Command('accounts')
    .description('accounts that you may use')
    .action((options: TradeOptions) => act(console, 'accounts', options));

const place = (console: Console) =>
  confirmed(new Command('place'))
    .description('place an order: at market, or with --price a limit order')
    .argument('<symbol>', 'unified symbol, e.g. BTC/USDT:USDT')
    .argument('<side>', 'buy or sell')
    .argument('<amount>', 'base units on spot, contracts on derivatives')
    .option('--price <price>', 'limit price')
    .option('--tif <name>', 'GTC, IOC, FOK or POST_ONLY; limit orders only')
    .option('--reduce-only', 'only to reduce a position')
    .option('--wait', 'wait for the final state')
    .option('--timeout <seconds>', 'with --wait: how long', integer(1, 86_400), 60)
    .action((symbol: string, side: string, amount: string, options: PlaceOptions) =>
      act(console, 'place', { symbol, side, amount }, options),
    );

const amend = (console: Console) =>
  confirmed(new Command('amend'))
    .description('change price or amount of a working order')
    .argument('<id>', 'client order id')
    .option('--price <price>', 'new price')
    .option('--amount <amount>', 'new amount')
    .action((id: string, options: AmendOptions) => act(console, 'amend', id, options));

const cancel = (console: Console) =>
  confirmed(new Command('cancel'))
    .description('cancel orders by id, or all of them')
    .argument('[ids...]', 'client order ids')
    .option('--all', 'every working order of the account')
    .option('--symbol <symbol>', 'with --all: of one symbol')
    .action((ids: string[], options: CancelOptions) => act(console, 'cancel', ids, options));

const filtered = (command: Command): Command =>
  command.option('--symbol <symbol>', 'of one symbol').option('--limit <number>', 'the newest so many', integer(1, 10_000), 50);

const orders = (console: Console) =>
  filtered(new Command('orders'))
    .description('working orders')
    .option('--all', 'those that are over as well')
    .action((options: FilterOptions) => act(console, 'orders', options));

const order = (console: Console) =>
  new Command('order')
    .description('one order and its fills')
    .argument('<id>', 'client order id')
    .action((id: string, options: TradeOptions) => act(console, 'order', id, options));

const fills = (console: Console) =>
  filtered(new Command('fills'))
    .description('fills, newest first')
    .action((options: FilterOptions) => act(console, 'fills', options));

const positions = (console: Console) =>
  new Command('positions')
    .description('open positions, asked of the venue now')
    .action((options: TradeOptions) => act(console, 'positions', options));

const balances = (console: Console) =>
  new Command('balances')
    .description('balances, asked of the venue now')
    .action((options: TradeOptions) => act(console, 'balances', options));

const pnl = (console: Console) =>
  new Command('pnl')
    .description('profit of a filled order on every change, until its position is closed or Ctrl-C')
    .argument('<id>', 'client order id')
    .action((id: string, options: TradeOptions) => act(console, 'pnl', id, options));

const kill = (console: Console) =>
  confirmed(new Command('kill'))
    .description('kill switch: cancels everything, and nothing new is placed by anybody')
    .action((options: TradeOptions) => act(console, 'kill', options));

const resume = (console: Console) =>
  confirmed(new Command('resume'))
    .description('takes the kill switch back')
    .action((options: TradeOptions) => act(console, 'resume', options));

const shutdown = (console: Console) =>
  confirmed(new Command('shutdown'))
    .description('kill switch, cancel everything, close every position, and read back what is left')
    .action((options: TradeOptions) => act(console, 'shutdown', options));
