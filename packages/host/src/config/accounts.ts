import { isDecimal, Secret } from '@speed-protocol/core';
import { z } from 'zod';

/** Where a secret is: never in the configuration itself. */
export type SecretSource = { readonly env: string } | { readonly file: string } | { readonly literal: Secret } | Secret;

const secretSource: z.ZodType<SecretSource, unknown> = z.union(
  [
    z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) }),
    z.strictObject({ file: z.string().min(1) }),
    z.instanceof(Secret),
    z
      .string()
      .min(1)
      .transform((text) => ({ literal: new Secret(text) })),
  ],
  { error: 'must say where the secret is: { env: VARIABLE } or { file: PATH }' },
) as never;

export const CREDENTIAL_FIELDS = ['apiKey', 'secret', 'privateKey', 'password'] as const;

/** YAML reads 0.05 as a number; what was written is what is meant. */
const limit = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => isDecimal(text) && !text.startsWith('-'), { error: 'must be a positive decimal number, e.g. "0.05"' })
  .optional();

/** A named account: a venue, where its credentials are, and what it may do. */
const accountSchema = z
  .strictObject({
    venue: z.string().min(1),
    /** Which exchange; default: the venue's own setting under `venues`. */
    environment: z.string().min(1).optional(),
    /** Name of an entry of the key file, instead of the fields below. */
    key: z.string().min(1).optional(),
    apiKey: secretSource.optional(),
    /** HMAC secret. */
    secret: secretSource.optional(),
    /** RSA or Ed25519 key, instead of `secret`. */
    privateKey: secretSource.optional(),
    /** On venues whose keys have one. */
    password: secretSource.optional(),
    /** What the owner allows beyond what the venue does, in the instrument's units. */
    limits: z.strictObject({ priceBand: limit, maxOrderValue: limit, maxPosition: limit }).optional(),
    /** Working orders with our prefix that are on no record: taken over, or cancelled. */
    orphans: z.enum(['adopt', 'cancel']).optional(),
    /** Wait for the disk before an order leaves: survives the loss of power. */
    strict: z.boolean().optional(),
    /** The venue cancels everything when this process is silent for so long, ms. */
    deadMansSwitchMs: z.int().min(1000).optional(),
    /** More of what the plugin's own configuration takes. */
    config: z.record(z.string(), z.unknown()).default({}),
  })
  .superRefine((account, { addIssue }) => {
    const given = CREDENTIAL_FIELDS.filter((field) => account[field] !== undefined);
    if (account.key !== undefined && given.length > 0)
      addIssue({ code: 'custom', path: ['key'], message: `"key" and "${given[0]}" exclude each other` });
    for (const field of given) {
      const source = account[field];
      if (account.environment === 'sim' || source instanceof Secret || !source || !('literal' in source)) continue;
      addIssue({ code: 'custom', path: [field], message: LITERAL });
    }
    for (const field of CREDENTIAL_FIELDS) {
      if (Object.hasOwn(account.config, field)) addIssue({ code: 'custom', path: ['config', field], message: MISPLACED });
    }
  });

const LITERAL =
  'a secret must not stand in the configuration; write { env: VARIABLE } or { file: PATH }, or keep it with ' +
  '"speed keys add NAME" and write key: NAME';
const MISPLACED = 'a credential belongs beside "venue", as { env: VARIABLE }, { file: PATH }, or key: NAME';

export const accountsSchema = z.record(z.string().min(1).max(80), accountSchema);
export type AccountConfig = z.output<typeof accountSchema>;
