import { nearest, SpeedError } from '@speed-protocol/core';
import { explain } from '@speed-protocol/host';
import type { CommandName } from '@speed-protocol/protocol';
import { commands, requestEnvelope } from '@speed-protocol/protocol/schemas';
import type { z } from 'zod';
import type { Params } from './context.js';

export interface Command<C extends CommandName = CommandName> {
  readonly id: string | number;
  readonly name: C;
  readonly params: Params<C>;
}

/** The id of a message as far as it has one, for the reply to a message that is wrong. */
export function readId(message: unknown): string | number | null {
  const id = (message as { id?: unknown } | null | undefined)?.id;
  return (typeof id === 'string' && id.length <= 64) || Number.isSafeInteger(id) ? (id as string | number) : null;
}

/**
 * Checks one message.
 * @throws SpeedError `invalid-request` naming the wrong field, or the command, and the nearest right one
 */
export function readCommand(message: unknown): Command {
  const { id, command, params = {} } = check(requestEnvelope, message);
  if (!Object.hasOwn(commands, command)) throw unknownCommand(command);
  const name = command as CommandName;
  return { id, name, params: check<z.ZodType>(commands[name].params, params) as Params<CommandName> };
}

function check<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new SpeedError(
    'invalid-request',
    explain(result.error, schema)
      .map(({ message }) => message)
      .join('; '),
  );
}

function unknownCommand(command: string): SpeedError {
  const names = Object.keys(commands);
  const near = nearest(command, names);
  return new SpeedError(
    'invalid-request',
    `unknown command ${JSON.stringify(command)}${near ? `; did you mean "${near}"?` : ''} (known: ${names.join(', ')})`,
  );
}
