import { z } from 'zod';
import { accountName, balance, fill, order, pnl, position } from './trading.js';

const event = <T extends string, S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
  z.object({
    type: z.literal(type),
    seq: z.int().describe('counts the events of a session from 1, without holes'),
    account: accountName,
    ...shape,
  });

export const orderMessage = event('order', { order });
export const fillMessage = event('fill', { fill });
export const positionMessage = event('position', { position });
export const balanceMessage = event('balance', { balance });
export const pnlMessage = event('pnl', { pnl });
export const accountMessage = event('account', {
  state: z.enum(['stream-up', 'stream-down', 'killed', 'resumed']),
  reason: z.string(),
}).describe('stream-down: what the venue does is not heard for now; it is asked for after stream-up');

/** Events of accounts: numbered, never dropped, told to nobody but the users of the account. */
export const accountEvent = z.discriminatedUnion('type', [
  orderMessage,
  fillMessage,
  positionMessage,
  balanceMessage,
  pnlMessage,
  accountMessage,
]);
