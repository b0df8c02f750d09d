import { z } from 'zod';
import { accountsSchema } from './accounts.js';

/** What every app of the host reads; apps add sections of their own. */
const hostShape = {
  /** Packages to load as plugins besides the installed ones that are found by themselves. */
  plugins: z.array(z.string().min(1)).default([]),
  /** Per venue id: what the plugin's own configuration takes; the plugin checks it. */
  venues: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  /** Named accounts: a venue and what differs from its entry in `venues`, credentials first of all. */
  accounts: accountsSchema.default({}),
  /** Per venue and code: the coin that the code stands for there, or a count and a coin, e.g. `1000 PEPE`. */
  assets: z.record(z.string(), z.record(z.string(), z.string().min(1))).optional(),
  /** The file of `speed keys`; default: `SPEED_KEYS`, else speed/keys.json in the user's configuration folder. */
  keyFile: z.string().min(1).optional(),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') }).prefault({}),
};

export type HostConfig = z.infer<z.ZodObject<typeof hostShape>>;
export type Sections = Record<string, z.ZodType>;
export type ConfigOf<S extends Sections> = HostConfig & { [K in keyof S]: z.infer<S[K]> };

export const hostSchema = (sections: Sections): z.ZodObject => z.strictObject({ ...hostShape, ...sections });
