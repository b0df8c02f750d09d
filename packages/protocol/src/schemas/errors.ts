import type { ErrorKind } from '@speed-protocol/core';
import { z } from 'zod';

const KINDS = [
  'config',
  'unsupported',
  'invalid-request',
  'unauthorized',
  'rejected',
  'not-found',
  'insufficient-funds',
  'duplicate',
  'clock-skew',
  'rate-limited',
  'unavailable',
  'timeout',
  'connection',
  'protocol',
  'aborted',
] as const satisfies readonly ErrorKind[];

/** An error as it travels: what is wrong, where, what to do. */
export const errorShape = z.object({
  kind: z.enum(KINDS),
  message: z.string(),
  venue: z.string().optional(),
  venueCode: z.string().optional().describe("the venue's own code"),
  outcomeKnown: z
    .boolean()
    .optional()
    .describe('given where it is not the rule of the kind: true when it is certain that nothing was done'),
  retryAfterMs: z.number().optional().describe('wait at least this long before trying again'),
});
