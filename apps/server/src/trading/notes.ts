import type { AccountEvent, PnlUpdate } from '@speed-protocol/host';
import type { Note } from './account-stream.js';
import { balanceView, fillView, orderView, positionView } from './views.js';

/** Names an order among those of all accounts. */
export const orderKey = (account: string, clientOrderId: string): string => `${account} ${clientOrderId}`;

interface OrderNote extends Note {
  /** Of the order that it is about. */
  readonly orderKey?: string;
}

/** An account's event as it is told to clients; written once for all of them. */
export function noteOf(event: AccountEvent): OrderNote {
  const { accountId, venue } = event;
  switch (event.type) {
    case 'order': {
      const key = orderKey(accountId, event.order.clientOrderId);
      return { ...note('order', accountId, { order: orderView(accountId, venue, event.order) }), orderKey: key };
    }
    case 'fill': {
      const key = orderKey(accountId, event.order.clientOrderId);
      const fill = fillView(accountId, event.order.clientOrderId, event.fill);
      return { ...note('fill', accountId, { fill }), orderKey: key };
    }
    case 'position':
      return note('position', accountId, { position: positionView(event.position) });
    case 'balance':
      return note('balance', accountId, { balance: balanceView(event.balance) });
    case 'stream':
      return note('account', accountId, { state: `stream-${event.state}`, reason: event.reason });
    case 'killed':
      return note('account', accountId, { state: 'killed', reason: event.reason });
    case 'resumed':
      return note('account', accountId, { state: 'resumed', reason: '' });
  }
}

export function pnlNote({ accountId, ...pnl }: PnlUpdate): Note {
  return note('pnl', accountId, { pnl });
}

const note = (type: string, account: string, members: object): Note => ({
  type,
  members: JSON.stringify({ account, ...members }).slice(1),
});
