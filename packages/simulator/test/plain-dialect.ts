import { Accounts } from '../src/accounts/accounts.js';
import { defineDialect } from '../src/dialect.js';
import type { OrderAct, Peer, VenueServer } from '../src/server/exchange.js';
import { PERPETUAL } from './market.js';

/** An order of `alice`, as `/place/<id>` or `/cancel/<id>` name it. */
function actOf(path: string): OrderAct | undefined {
  const [, action, clientId] = /^\/(place|amend|cancel)\/(\w+)$/.exec(path) ?? [];
  if (action === undefined) return undefined;
  return { action: action as OrderAct['action'], account: 'alice', symbol: 'BTCUSDT', clientId, done: true };
}

/**
 * The plainest venue: `GET /time`; sockets get every trade and echo what they hear. Orders have no effect but their answers:
 * `/place/<id>` and the like, on REST as the path, on sockets as the whole message. `plain` has accounts, `other` has none.
 */
export const plain = defineDialect({
  id: 'plain',
  venues: ['plain', 'other'].map((id) => ({ id, sequence: 'contiguous', aggregateMs: 0, listing: () => [PERPETUAL] })),
  create: ({ venues, clock }) =>
    new Map(
      [...venues].map(([id, venue]) => {
        const peers = new Set<Peer>();
        const tell = (text: string, topic: string) => {
          for (const peer of peers) peer.send(text, topic);
        };
        venue.onOpen((market) => market.listen({ onTrade: (_, trade) => tell(String(trade.id), 'trades') }));
        const server: VenueServer = {
          ...(id === 'plain' && { accounts: new Accounts(venue), deposits: { USDT: '1000000' } }),
          request({ path }) {
            const act = actOf(path);
            return { status: 200, body: JSON.stringify({ time: clock.now() }), ...(act && { orders: [act] }) };
          },
          connect(peer) {
            peers.add(peer);
            const hear = (text: string) => {
              const act = actOf(text);
              if (act) peer.answer(text, { orders: [act], failure: (status) => `failed ${status}` });
              else peer.send(text, 'echo');
            };
            return { onMessage: hear, onClose: () => peers.delete(peer) };
          },
          endpoints: (http, ws) => ({ rest: { public: http }, ws: { public: ws } }),
          failure: (status, after) => ({ status, headers: { 'retry-after': String(after) }, body: '{"sorry":true}' }),
          announceShutdown: () => tell('"goodbye"', 'news'),
        };
        return [id, server] as const;
      }),
    ),
});
