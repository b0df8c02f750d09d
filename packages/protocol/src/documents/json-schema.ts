import { z } from 'zod';
import { PROTOCOL_VERSION } from '../names.js';
import { accountEvent, commands, failureReply, pushedEvent, successReply } from '../schemas/index.js';

export type JsonSchema = Record<string, unknown>;

/** `unrepresentable: 'any'`: what JSON Schema cannot say is left open instead of failing the whole document. */
const toJson = (schema: z.ZodType): JsonSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' });
  return rest;
};

/** Names of the definitions: `<command>.params`, `<command>.result`, `event.<type>`, `reply.ok`, `reply.error`. */
export function definitions(): Record<string, JsonSchema> {
  const found: Record<string, JsonSchema> = { 'reply.ok': toJson(successReply), 'reply.error': toJson(failureReply) };
  for (const [name, { params, result, summary }] of Object.entries(commands)) {
    found[`${name}.params`] = { description: summary, ...toJson(params) };
    found[`${name}.result`] = toJson(result);
  }
  for (const option of [...pushedEvent.options, ...accountEvent.options])
    found[`event.${option.shape.type.value}`] = toJson(option);
  return found;
}

const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });

/** The protocol as one JSON Schema document: what a client sends (`request`) and what the server sends (`message`). */
export function jsonSchemaDocument(): JsonSchema {
  const $defs = definitions();
  const requests = Object.keys(commands).map((name) => ({
    type: 'object',
    properties: { id: { type: ['string', 'integer'] }, command: { const: name }, params: ref(`${name}.params`) },
    required: ['id', 'command'],
    additionalProperties: false,
  }));
  const sent = Object.keys($defs).filter((name) => name.startsWith('event.') || name.startsWith('reply.'));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'SPEED server protocol',
    version: PROTOCOL_VERSION,
    $defs: { ...$defs, request: { oneOf: requests }, object: { oneOf: sent.map(ref) } },
    description: 'A client sends `request`. A text message of the server is one `object` or an array of them.',
    anyOf: [ref('request'), ref('object'), { type: 'array', items: ref('object') }],
  };
}
