import { type ControlFrame, parseExact, refusedSubscription, type SocketCommands, type Topic } from '@speed-protocol/wire';

interface Reply {
  readonly id?: string | number | null;
  readonly result?: unknown;
  /** 0..3 of the stream server: unknown property, bad value, invalid request, invalid JSON. */
  readonly code?: number;
  readonly msg?: string;
  readonly error?: { readonly code?: number; readonly msg?: string };
  readonly stream?: string;
  readonly e?: string;
  readonly data?: { readonly e?: string };
}

const request = (method: string) => (topics: readonly Topic[], id: number) =>
  JSON.stringify({ method, params: topics.map((topic) => topic.key), id });

/** Live subscribing of all products: https://developers.binance.com/docs, "Live subscribing/unsubscribing to streams". */
export const COMMANDS: SocketCommands = {
  subscribe: request('SUBSCRIBE'),
  unsubscribe: request('UNSUBSCRIBE'),
  control: (text) => read(parseExact(text) as Reply | null),
};

function read(reply: Reply | null): ControlFrame | undefined {
  if (typeof reply !== 'object' || reply === null) return undefined;
  if (reply.e === 'serverShutdown' || reply.data?.e === 'serverShutdown') return { kind: 'shutdown' };
  if (reply.stream !== undefined || reply.e !== undefined) return undefined;
  const id = reply.id === undefined || reply.id === null ? undefined : String(reply.id);
  const fault = reply.error ?? (reply.code === undefined ? undefined : reply);
  if (fault) return { kind: 'nack', ...(id !== undefined && { id }), error: refusedSubscription(fault.msg, fault.code) };
  return id === undefined ? undefined : { kind: 'ack', id };
}
