import { type ControlFrame, parseExact, refusedSubscription, type SocketCommands, type Topic } from '@speed-protocol/wire';

interface Reply {
  readonly op?: string;
  readonly success?: boolean;
  readonly ret_msg?: string;
  readonly req_id?: string;
}

const request = (op: string) => (topics: readonly Topic[], id: number) =>
  JSON.stringify({ op, req_id: String(id), args: topics.map(({ parts: [topic] }) => topic) });

/** https://bybit-exchange.github.io/docs/v5/ws/connect. One topic that is refused takes all of its request with it. */
export const COMMANDS: SocketCommands = {
  subscribe: request('subscribe'),
  unsubscribe: request('unsubscribe'),
  control: (text) => read(parseExact(text) as Reply | null),
};

function read(reply: Reply | null): ControlFrame | undefined {
  if (typeof reply !== 'object' || reply === null || reply.op === undefined) return undefined;
  const { op, success, req_id: id, ret_msg: why } = reply;
  if (op !== 'subscribe' && op !== 'unsubscribe') return { kind: 'alive' };
  const named = id === undefined ? {} : { id };
  if (success !== false) return { kind: 'ack', ...named };
  return { kind: 'nack', ...named, error: refusedSubscription(why) };
}
