import { jsonControl, refusedSubscription, type SocketCommands, type Topic } from '@speed-protocol/wire';

const request = (op: string) => (topics: readonly Topic[], id: number) =>
  JSON.stringify({ op, req_id: String(id), args: topics.map(({ parts: [topic] }) => topic) });

/** https://bybit-exchange.github.io/docs/v5/ws/connect. One topic that is refused takes all of its request with it. */
export const COMMANDS: SocketCommands = {
  subscribe: request('subscribe'),
  unsubscribe: request('unsubscribe'),
  control: jsonControl(({ op, success, req_id: id, ret_msg: why }) => {
    if (op === undefined) return undefined;
    if (op !== 'subscribe' && op !== 'unsubscribe') return { kind: 'alive' };
    const named = id === undefined ? {} : { id: String(id) };
    if (success !== false) return { kind: 'ack', ...named };
    return { kind: 'nack', ...named, error: refusedSubscription(why as string) };
  }),
};

/** What keeps a connection. */
export function pingText(id: number): string {
  return JSON.stringify({ op: 'ping', req_id: String(id) });
}
