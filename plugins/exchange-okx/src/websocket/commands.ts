import { type ControlFrame, parseExact, refusedSubscription, type SocketCommands, type Topic } from '@speed-protocol/wire';

interface Reply {
  readonly id?: string | null;
  readonly event?: string;
  readonly code?: string;
  readonly msg?: string;
  readonly arg?: { readonly channel?: string; readonly instId?: string; readonly instType?: string };
}

/** What an argument names besides its channel. */
type Subject = 'instId' | 'instType';

/** Topics are written `channel:subject`. */
export function topicKey(channel: string, subject: string): string {
  return `${channel}:${subject}`;
}

/** https://www.okx.com/docs-v5/en/#overview-websocket-subscribe */
export function commandsOf(subject: Subject): SocketCommands {
  const request = (op: string) => (topics: readonly Topic[], id: number) => {
    const args = topics.map(({ parts: [channel, name] }) => ({ channel, [subject]: name }));
    return JSON.stringify({ id: String(id), op, args });
  };
  return {
    subscribe: request('subscribe'),
    unsubscribe: request('unsubscribe'),
    control: (text) => (text === 'pong' ? { kind: 'alive' } : read(parseExact(text) as Reply | null)),
  };
}

/** The venue's notice that it is about to close the connection for an upgrade. */
const UPGRADE = '64008';

function read(reply: Reply | null): ControlFrame | undefined {
  if (typeof reply !== 'object' || reply === null) return undefined;
  const { event, arg, code, msg } = reply;
  const named = { ...(reply.id && { id: reply.id }), ...(arg?.channel !== undefined && { key: keyOf(arg) }) };
  if (event === 'subscribe' || event === 'unsubscribe') return { kind: 'ack', ...named };
  if (event === 'error') return { kind: 'nack', ...named, error: refusedSubscription(msg, code) };
  if (event === 'notice' && code === UPGRADE) return { kind: 'shutdown' };
  return event === undefined ? undefined : { kind: 'alive' };
}

function keyOf({ channel = '', instId, instType = '' }: NonNullable<Reply['arg']>): string {
  return topicKey(channel, instId ?? instType);
}
