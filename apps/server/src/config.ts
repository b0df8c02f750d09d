import { Secret } from '@speed-protocol/core';
import { DEFAULT_HOST, DEFAULT_PORT } from '@speed-protocol/protocol';
import { z } from 'zod';

/** What one client, and all together, may take. */
export const limitsSchema = z.strictObject({
  /** Sockets at a time. */
  clients: z.int().min(1).default(2000),
  /** Bytes of one message of a client. */
  frameBytes: z
    .int()
    .min(1024)
    .default(64 << 10),
  /** Nesting of one message of a client. */
  jsonDepth: z.int().min(2).default(16),
  /** Channels per client. */
  subscriptions: z.int().min(1).default(256),
  commandsPerSecond: z.number().positive().default(50),
  commandBurst: z.int().min(1).default(512),
  /** Unsent bytes of lossless events and replies per client; beyond it the client is cut. */
  outboxBytes: z
    .int()
    .min(1024)
    .default(8 << 20),
  /** ms without the client reading anything while something waits for it; beyond it the client is cut. */
  stallMs: z.int().min(100).default(30_000),
  /** ms between pings; a client that answers none for two of them is cut. */
  pingMs: z.int().min(100).default(15_000),
  /** ms until a command that was not answered is given up. */
  commandMs: z.int().min(10).default(30_000),
  /** ms until a client must have shown its token. */
  authMs: z.int().min(10).default(5000),
  /** Bytes that a client may send before it has shown its token. */
  authBytes: z.int().min(64).default(1024),
  /** ms until `place` is answered with the order as it then stands. */
  answerMs: z.int().min(10).default(5000),
  /** ms that a session waits for its client to come back. */
  resumeMs: z.int().min(0).default(300_000),
  /** Events, and characters of them, that are kept for a client that comes back. */
  resumeEvents: z.int().min(1).default(10_000),
  resumeBytes: z
    .int()
    .min(1024)
    .default(4 << 20),
  /** Sessions that wait for their clients. */
  resumeSessions: z.int().min(1).default(4000),
  /** Orders of one session whose profit is watched. */
  pnlWatches: z.int().min(1).default(200),
  /** ms between two `pnl` events of one order at least. */
  pnlIntervalMs: z.int().min(0).default(200),
  /** Messages that are not the protocol, until the client is cut. */
  badMessages: z.int().min(1).default(100),
});

/** Variables that held tokens, by name: they are taken out of the environment, which children and crash reports get. */
const taken = new Map<string, string>();

function takeVariable(name: string): string {
  const text = taken.get(name) ?? process.env[name] ?? '';
  delete process.env[name];
  if (text !== '') taken.set(name, text);
  return text;
}

const tokenText = z
  .string()
  .min(16)
  .transform((text) => new Secret(text));

/** As a text, or `{ env: VARIABLE }`. */
const token = z.union(
  [
    tokenText,
    z.instanceof(Secret),
    z
      .strictObject({ env: z.string().min(1) })
      .transform(({ env }) => takeVariable(env))
      .pipe(tokenText),
  ],
  {
    error: ({ input }) =>
      typeof input === 'string'
        ? 'is too short to be a secret; use at least 16 characters, e.g. from: openssl rand -hex 24'
        : 'must be a text of at least 16 characters, or { env: VARIABLE } with such a text in it',
  },
);

const userSchema = z.strictObject({
  /** What the user shows. */
  token,
  /** Names of accounts; `*`: all. */
  accounts: z.union([z.literal('*'), z.array(z.string())]).default([]),
  /** False: looks only. */
  mayTrade: z.boolean().default(true),
});

/** The `server` section of the configuration. */
export const serverSection = z
  .strictObject({
    host: z.string().min(1).default(DEFAULT_HOST),
    /** 0 picks a free one. */
    port: z.int().min(0).max(65_535).default(DEFAULT_PORT),
    /** Access token; needed for every bind that is not loopback. */
    token: token.optional(),
    /** Users by name, each with a token and accounts; the token above is that of one who may use everything. */
    users: z.record(z.string().min(1).max(64), userSchema).default({}),
    /** Where orders are kept so that they survive the end of this process; one folder per account in it. */
    journalDirectory: z.string().min(1).default('speed-journal'),
    /** Whether messages of the prototype's protocol may bring keys of their own: for simulated venues, or not at all. */
    inlineKeys: z.enum(['sim', 'never']).default('sim'),
    tls: z.strictObject({ certFile: z.string(), keyFile: z.string() }).optional(),
    /** `behind-proxy`: no TLS here, because a proxy in front of this server speaks it. */
    insecure: z.literal('behind-proxy').optional(),
    /** More names under which clients reach this server, as in the Host header: `speed.example.com`, `10.0.0.5:8765`. */
    hosts: z.array(z.string()).default([]),
    /** More pages that may connect, as in the Origin header: `https://desk.example.com`. */
    origins: z.array(z.string()).default([]),
    /** ms between two states of one `book` channel at least. */
    bookIntervalMs: z.number().min(0).max(60_000).default(100),
    /** ms without news of a book until it is shown as stale, whatever its feed says. */
    bookMaxAgeMs: z.number().min(100).default(20_000),
    /** Files of the page; default: the dashboard that comes with this package. */
    publicDirectory: z.string().optional(),
    limits: limitsSchema.prefault({}),
  })
  .prefault({});

/** The `recording` section of the configuration: where this server records to, and what from its start on. */
export const recordingSection = z
  .strictObject({
    /** A folder, or `s3://bucket/prefix`. */
    to: z.string().min(1).default('./data'),
    /** Rows older than this many days are removed; default: never. */
    keepDays: z.number().positive().optional(),
    /** ms between periodic books. */
    bookIntervalMs: z.int().min(100).max(3_600_000).default(1000),
    /** Levels per side of periodic books. */
    bookDepth: z.int().min(1).max(5000).default(10),
    /** Symbols by venue that are recorded from the start: `binanceusdm: [BTC/USDT:USDT]`. */
    symbols: z.record(z.string(), z.array(z.string())).default({}),
  })
  .prefault({});

export type RecordingConfig = z.infer<typeof recordingSection>;
export type ServerConfig = z.infer<typeof serverSection>;
export type ServerInput = z.input<typeof serverSection>;
export type Limits = z.infer<typeof limitsSchema>;
