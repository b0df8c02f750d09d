import { z } from 'zod';
import { command, feeRate, oneAmount } from './command.js';
import { fundingRate, priceImpact } from './results.js';
import { side, symbolName, venueId } from './scalars.js';
import {
  account,
  accountName,
  balance,
  clientOrderId,
  decimalInput,
  fill,
  order,
  orderReference,
  orderWish,
  outcome,
  position,
} from './trading.js';

const ofOrder = { account: accountName, clientOrderId };
const ofAccount = { account: accountName, symbol: symbolName.optional() };
const analysis = {
  priceImpact,
  funding: fundingRate.nullable().describe('null on instruments without funding'),
};

const cancelReport = {
  orders: z.array(order).describe('orders of this server, as they ended'),
  left: z.array(z.string()).describe('ids of what the venue still lists, or whose end is not proven'),
  confirmed: z.boolean().describe('the venue was asked afterwards and lists nothing'),
};

/** Commands on named accounts. Which accounts a user may use is in the configuration of the server. */
export const tradingCommands = {
  accounts: command(
    'The accounts that this user may use.',
    z.strictObject({}),
    z.object({ user: z.string(), accounts: z.array(account) }),
  ),
  resume: command(
    "Begins this user's account events (order, fill, position, balance, pnl, account) on this connection, or goes on where " +
      'another connection stopped: what was missed follows the reply. When `resumed` is false, something may have been missed: ' +
      'list orders, fills and positions again.',
    z.strictObject({
      session: z.string().min(1).max(100).optional().describe('from an earlier reply; absent: begin'),
      after: z.int().min(0).optional().describe('the last `seq` that was dealt with'),
      follow: z
        .enum(['all', 'own'])
        .optional()
        .describe('all (default): everything of the accounts; own: only orders placed in this session, and their fills'),
    }),
    z.object({
      session: z.string(),
      seq: z.int().describe('of the last event before this reply; the next one is one more'),
      resumed: z.boolean(),
      reason: z
        .enum(['new', 'server-restarted', 'expired', 'missed-too-much'])
        .nullable()
        .describe('why it was not resumed; null when it was'),
      accounts: z.array(account),
    }),
  ),
  place: command(
    'Places an order. Answered when the venue has answered, or a few seconds later with the order as it then stands: a slow ' +
      'answer is no failure, and what becomes of the order is told by events. Refused by an error only when nothing was sent.',
    z.strictObject(orderWish).superRefine(({ type, price, timeInForce }, { addIssue }) => {
      const issue = (field: string, message: string) => addIssue({ code: 'custom', path: [field], message });
      if (type === 'limit' && price === undefined) issue('price', 'a limit order needs one');
      if (type === 'market' && price !== undefined)
        issue('price', 'a market order has none; leave it out, or place a limit order');
      if (type === 'market' && timeInForce !== undefined) issue('timeInForce', 'a market order has none; leave it out');
    }),
    z.object({ order }),
  ),
  amend: command(
    'Changes price or amount of a working limit order.',
    z
      .strictObject({ ...ofOrder, price: decimalInput.optional(), amount: decimalInput.optional() })
      .refine(({ price, amount }) => price !== undefined || amount !== undefined, { error: 'give price, amount, or both' }),
    z.object({ outcome, order }),
  ),
  cancel: command('Cancels an order.', z.strictObject(ofOrder), z.object({ outcome, order })),
  cancel_all: command(
    'Cancels every working order of the account, or of one symbol of it.',
    z.strictObject(ofAccount),
    z.object(cancelReport),
  ),
  order: command('One order and its fills.', z.strictObject(ofOrder), z.object({ order, fills: z.array(fill) })),
  orders: command(
    'Orders on record, newest first.',
    z.strictObject({
      ...ofAccount,
      open: z.boolean().optional().describe('true: only those that are not over'),
      limit: z.int().min(1).max(10_000).optional(),
    }),
    z.object({ orders: z.array(order), total: z.int().describe('matches before the limit') }),
  ),
  fills: command(
    'Fills of one order, or of every order on record; newest first.',
    z.strictObject({ ...ofAccount, clientOrderId: clientOrderId.optional(), limit: z.int().min(1).max(10_000).optional() }),
    z.object({ fills: z.array(fill), total: z.int().describe('matches before the limit') }),
  ),
  balances: command(
    "The account's balances, asked of the venue now.",
    z.strictObject({ account: accountName }),
    z.object({ balances: z.array(balance) }),
  ),
  positions: command(
    "The account's open positions, asked of the venue now.",
    z.strictObject(ofAccount),
    z.object({ positions: z.array(position) }),
  ),
  analyze: command(
    'Before a trade: what a market order of this size would pay, and the funding rate.',
    oneAmount({ venue: venueId, symbol: symbolName, side, feeRate }),
    z.object(analysis),
  ),
  analyze_and_place: command(
    'Analyses, then places a market order of the analysed size, rounded down to the lot. Refused when the book is too thin.',
    oneAmount({
      account: accountName,
      symbol: symbolName,
      side,
      feeRate,
      dryRun: z.boolean().optional().describe('true: analyse only'),
      maxImpactPercent: z.number().positive().optional().describe('refuse to place beyond this'),
      reduceOnly: z.boolean().optional(),
      ref: orderReference.optional(),
    }),
    z.object({ ...analysis, order: order.nullable().describe('null on a dry run') }),
  ),
  watch_pnl: command(
    'Pushes `pnl` events of a filled order, on change, until its position is closed or stop_pnl.',
    z.strictObject(ofOrder),
    z.object({ clientOrderId, watching: z.literal(true) }),
  ),
  stop_pnl: command(
    'Ends watch_pnl; ending one that is not there is not an error.',
    z.strictObject(ofOrder),
    z.object({ clientOrderId, wasWatching: z.boolean() }),
  ),
  kill_switch: command(
    'On: nothing new is placed for the account, by anybody; cancels go through. Off: trading goes on.',
    z.strictObject({ account: accountName, on: z.boolean(), reason: z.string().max(200).optional() }),
    z.object({ account }),
  ),
  shutdown: command(
    'Turns the kill switch on, cancels every order of the account, closes its positions, and reads back what is left.',
    z.strictObject({
      account: accountName,
      flatten: z.boolean().optional().describe('close positions by reduce-only market orders; default true'),
    }),
    z.object({
      cancelled: z.object(cancelReport),
      flattened: z.array(order).describe('orders that closed positions, as they ended'),
      positions: z.array(position).describe('positions that are still open'),
      confirmed: z
        .boolean()
        .describe('read back from the venue: no working order and, where positions were to be closed, no position'),
      problems: z.array(z.string()),
    }),
  ),
} as const;
