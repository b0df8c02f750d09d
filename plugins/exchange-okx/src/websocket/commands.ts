import {
  asRow,
  type ControlFrame,
  jsonControl,
  type Row,
  refusedSubscription,
  type SocketCommands,
  type Topic,
} from '@speed-protocol/wire';

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
    control: (text) => (text === 'pong' ? { kind: 'alive' } : control(text)),
  };
}

/** The venue's notice that it is about to close the connection for an upgrade. */
export const UPGRADE = '64008';

const control = jsonControl(({ id, event, arg, code, msg }): ControlFrame | undefined => {
  const about = asRow(arg);
  const named = { ...(id ? { id: String(id) } : {}), ...(about.channel !== undefined && { key: keyOf(about) }) };
  if (event === 'subscribe' || event === 'unsubscribe') return { kind: 'ack', ...named };
  if (event === 'error') return { kind: 'nack', ...named, error: refusedSubscription(msg as string, code as string) };
  if (event === 'notice' && code === UPGRADE) return { kind: 'shutdown' };
  return event === undefined ? undefined : { kind: 'alive' };
});

function keyOf({ channel, instId, instType = '' }: Row): string {
  return topicKey(String(channel), String(instId ?? instType));
}
