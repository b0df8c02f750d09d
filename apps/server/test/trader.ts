import { type ClientSocket, connect, openSocket, type RelistEvent, type SocketHandlers } from '@speed-protocol/client';
import type { AccountEvent, OrderView } from '@speed-protocol/protocol';
import type { Exchange } from './exchange.js';

type Told = AccountEvent | RelistEvent;

/** A client that keeps what it is told of its accounts. */
export async function openTrader({ server }: Exchange, follow: 'all' | 'own' = 'all', token?: string) {
  let line: { readonly socket: ClientSocket; readonly handlers: SocketHandlers } | undefined;
  const client = connect(server.webSocketUrl, {
    token,
    reconnect: { minMs: 1, maxMs: 20 },
    openSocket(url, handlers) {
      const socket = openSocket(url, handlers);
      line = { socket, handlers };
      return socket;
    },
  });
  const events: Told[] = [];
  let wake = () => {};
  await client.onAccounts(
    (event) => {
      events.push(event);
      wake();
    },
    { follow },
  );
  const until = async (accept: (event: Told) => boolean): Promise<Told> => {
    for (;;) {
      const found = events.find(accept);
      if (found) return found;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const untilStatus = ({ clientOrderId }: OrderView, status: string) =>
    until((each) => each.type === 'order' && each.order.clientOrderId === clientOrderId && each.order.status === status);
  return {
    client,
    events,
    until,
    untilStatus,
    /** The numbers of what was told. */
    numbers: () => events.flatMap((event) => (event.type === 'relist' ? [] : [event.seq])),
    relists: () => events.flatMap((event) => (event.type === 'relist' ? [event.reason] : [])),
    /** As a cable that is pulled: this end notices, the other one does not. */
    pull: () => line!.handlers.onClose(1006, 'pulled'),
    /** Both ends notice. */
    cut: () => line!.socket.close(),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** A price far below the market: the order rests. */
export async function lowPrice(exchange: Exchange, venue: string, symbol: string): Promise<string> {
  await using client = connect(exchange.server.webSocketUrl);
  const { bids } = await client.call('book', { venue, symbol });
  return String(Math.floor(bids[0]![0] * 0.9));
}
