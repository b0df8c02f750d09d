import {
  asRow,
  type ControlFrame,
  jsonControl,
  type Row,
  refusedSubscription,
  type SocketCommands,
  type Topic,
} from '@speed-protocol/wire';

/** Ids of pings: never those of subscriptions. */
const PINGS = 1_000_000_000;

/** A request as the venue takes it. */
function rpc(id: number, method: string, params: object = {}): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

/** Parameters that are decimals here and JSON numbers there. */
const NUMBERS: ReadonlySet<string> = new Set(['amount', 'price']);

/** A request whose numbers keep every digit. @param id digits */
export function rpcExact(id: string, method: string, params: Readonly<Record<string, unknown>>): string {
  const fields = Object.entries(params).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [`${JSON.stringify(key)}:${NUMBERS.has(key) ? String(value).replace(/^0+(?=\d)/, '') : JSON.stringify(value)}`];
  });
  return `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":{${fields.join(',')}}}`;
}

/** What keeps a connection: answered at once, and free of side effects. */
export const ping = (count: number): string => rpc(PINGS + count, 'public/test');

/** Too many requests: the venue closes the connection behind these words, and the next one asks again. */
const TOO_MANY = 10028;

/**
 * https://docs.deribit.com/#public-subscribe. The answer lists the channels that were taken and is silent about others:
 * what is refused is found by asking one by one.
 */
export function commands(): SocketCommands {
  /** Channels of the requests that have no answer yet. */
  const asked = new Map<number, number>();
  const request = (method: string) => (topics: readonly Topic[], id: number) => {
    asked.set(id, topics.length);
    return rpc(id, method, { channels: topics.map(({ key }) => key) });
  };
  const control = jsonControl((message): ControlFrame | undefined => {
    if (message.method === 'heartbeat') {
      const text = answerTo(message);
      return text === undefined ? { kind: 'alive' } : { kind: 'reply', text };
    }
    const id = Number(message.id);
    const { code, message: why } = asRow(message.error) as { readonly code?: number; readonly message?: string };
    if (message.id === undefined || id >= PINGS || code === TOO_MANY) return { kind: 'alive' };
    const count = asked.get(id);
    asked.delete(id);
    if (message.error) return { kind: 'nack', id: String(id), error: refusedSubscription(why, code) };
    const taken = Array.isArray(message.result) ? message.result.length : undefined;
    if (taken === undefined || count === undefined || taken >= count) return { kind: 'ack', id: String(id) };
    return { kind: 'nack', id: String(id), error: refusedSubscription('it knows no such channel', 0) };
  });
  return { subscribe: request('public/subscribe'), unsubscribe: request('public/unsubscribe'), control };
}

/** What has to be said at once: whoever does not answer a `test_request` is cut. */
export function answerTo({ method, params }: Row): string | undefined {
  return method === 'heartbeat' && asRow(params).type === 'test_request' ? ping(0) : undefined;
}
