import { PROTOCOL_VERSION } from '../names.js';
import { commands } from '../schemas/index.js';
import { definitions, type JsonSchema } from './json-schema.js';

export interface AsyncApiInput {
  /** `host:port` of the server that serves the document. */
  readonly host: string;
  readonly protocol: 'ws' | 'wss';
  /** Version of the server. */
  readonly version: string;
}

const ref = (path: string): JsonSchema => ({ $ref: `#/${path}` });

/** The protocol as an AsyncAPI 3.0 document: one WebSocket channel, an operation per command, one for the events. */
export function asyncApiDocument({ host, protocol, version }: AsyncApiInput): JsonSchema {
  const schemas = definitions();
  const events = Object.keys(schemas).filter((name) => name.startsWith('event.'));
  const messages = { ...requestMessages(), ...Object.fromEntries(events.map((name) => [name, eventMessage(name)])) };
  return {
    asyncapi: '3.0.0',
    info: { title: 'SPEED server', version, description: `Protocol version ${PROTOCOL_VERSION}.` },
    defaultContentType: 'application/json',
    servers: { default: { host, protocol } },
    channels: {
      socket: {
        address: '/',
        messages: Object.fromEntries(Object.keys(messages).map((name) => [name, ref(`components/messages/${name}`)])),
      },
    },
    operations: { ...commandOperations(), events: eventOperation(events) },
    components: { messages, schemas },
  };
}

function requestMessages(): Record<string, JsonSchema> {
  const rows = Object.keys(commands).flatMap((name) => [
    [`${name}.request`, { name, payload: requestPayload(name) }],
    [`${name}.reply`, { name: `${name} reply`, payload: replyPayload(name) }],
  ]);
  return Object.fromEntries(rows) as Record<string, JsonSchema>;
}

const requestPayload = (name: string): JsonSchema => ({
  type: 'object',
  required: ['id', 'command'],
  additionalProperties: false,
  properties: {
    id: { type: ['string', 'integer'] },
    command: { const: name },
    params: ref(`components/schemas/${name}.params`),
  },
});

const replyPayload = (name: string): JsonSchema => ({
  oneOf: [
    {
      type: 'object',
      required: ['id', 'ok', 'result'],
      properties: { id: { type: ['string', 'integer'] }, ok: { const: true }, result: ref(`components/schemas/${name}.result`) },
    },
    ref('components/schemas/reply.error'),
  ],
});

const eventMessage = (name: string): JsonSchema => ({ name, payload: ref(`components/schemas/${name}`) });
const channelMessage = (name: string): JsonSchema => ref(`channels/socket/messages/${name}`);

function commandOperations(): Record<string, JsonSchema> {
  const rows = Object.entries(commands).map(([name, { summary }]) => [
    name,
    {
      action: 'receive',
      summary,
      channel: ref('channels/socket'),
      messages: [channelMessage(`${name}.request`)],
      reply: { channel: ref('channels/socket'), messages: [channelMessage(`${name}.reply`)] },
    },
  ]);
  return Object.fromEntries(rows) as Record<string, JsonSchema>;
}

const eventOperation = (events: readonly string[]): JsonSchema => ({
  action: 'send',
  summary: 'Events of the subscribed channels and of the accounts; one JSON object or an array of them per text message.',
  channel: ref('channels/socket'),
  messages: events.map(channelMessage),
});
