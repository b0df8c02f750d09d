import { z } from 'zod';
import { accountEvent } from './account-events.js';
import { commands } from './commands.js';
import { errorShape } from './errors.js';
import { pushedEvent } from './events.js';

export const messageId = z.union([z.string().max(64), z.int()]).describe("the client's own; repeated in the reply");

/** What every request has; the parameters are checked by the command's own schema. */
export const requestEnvelope = z.strictObject({
  id: messageId,
  command: z.string().max(64),
  params: z.record(z.string(), z.unknown()).optional(),
});

/** Requests, one shape per command; for documents and typed clients. */
export const request = z.union(
  Object.entries(commands).map(([name, { params }]) =>
    z.strictObject({ id: messageId, command: z.literal(name), params }),
  ) as unknown as readonly [z.ZodType, ...z.ZodType[]],
);

export const successReply = z.object({ id: messageId, ok: z.literal(true), result: z.unknown() });
export const failureReply = z.object({
  id: messageId.nullable().describe('null when the message had no readable id'),
  ok: z.literal(false),
  error: errorShape,
});
export const reply = z.union([successReply, failureReply]);

const serverObject = z.union([reply, pushedEvent, accountEvent]);
/** A text message from the server is one object or an array of them. */
export const serverMessage = z.union([serverObject, z.array(serverObject)]);
