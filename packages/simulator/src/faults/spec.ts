import { nearest, SpeedError } from '@speed-protocol/core';

/**
 * What can go wrong.
 *
 * | kind          | does                                                                                      | ends          |
 * |---------------|-------------------------------------------------------------------------------------------|---------------|
 * | `cut`         | drops the TCP connection; with `target: 'rest'` instead of answering a request            | at once/count |
 * | `close`       | closing handshake (`code`, default 1001)                                                  | at once       |
 * | `half-open`   | the connection stays open, says nothing and hears nothing, for good                       | at once       |
 * | `stall`       | says nothing for `durationMs` (no pongs either), then everything that waited, in order    | by itself     |
 * | `drop`        | messages disappear                                                                        | count or time |
 * | `duplicate`   | messages arrive twice                                                                     | count or time |
 * | `reorder`     | a message arrives after its successor of the same topic                                   | count or time |
 * | `corrupt`     | messages arrive damaged (`mode`)                                                          | count or time |
 * | `slow`        | everything arrives `delayMs` late, in order; requests with `target: 'rest'`               | time          |
 * | `late`        | what clients say on sockets arrives `delayMs` late (`topic`: only what holds this text)   | count or time |
 * | `http`        | requests are answered with `status` (429, 418, 5xx)                                       | count or time |
 * | `hang`        | requests are never answered                                                               | count or time |
 * | `maintenance` | goodbye where the venue says it, sockets closed, everything answers 503 for `durationMs`  | by itself     |
 *
 * Faults of orders hit requests that place, amend or cancel orders (`action`), whichever door they came through. The venue
 * has carried the request out; what goes wrong is what it says of it.
 *
 * | kind            | does                                                                                    | ends          |
 * |-----------------|-----------------------------------------------------------------------------------------|---------------|
 * | `ack-lose`      | no answer: the connection is cut                                                        | count or time |
 * | `execute-502`   | the answer is a 502 (`status`), on sockets the venue's word for an unknown outcome      | count or time |
 * | `late-ack`      | the answer comes `delayMs` late (default 1,000); later answers may overtake it          | count or time |
 * | `slow-ack`      | as `late-ack`, for everything from now on                                               | time, removal |
 * | `duplicate-ack` | the answer comes twice; sockets only                                                    | count or time |
 * | `silent-fill`   | from one fill on, the user-data streams say nothing more of that order                  | count or time |
 * | `cancel-race`   | an open order is filled just before the cancel of it arrives                            | count or time |
 * | `key-expiry`    | listen keys expire, logged-in sessions and user-data subscriptions of sockets end       | at once       |
 * | `clock-skew`    | the venue's clock is `skewMs` ahead (negative: behind)                                  | time, removal |
 */
const WIRE_KINDS = [
  'cut',
  'close',
  'half-open',
  'stall',
  'drop',
  'duplicate',
  'reorder',
  'corrupt',
  'slow',
  'late',
  'http',
  'hang',
  'maintenance',
] as const;

/** Faults of orders; those that strike with a `probability` and have no end go on. */
export const ORDER_FAULT_KINDS = [
  'ack-lose',
  'execute-502',
  'late-ack',
  'slow-ack',
  'duplicate-ack',
  'silent-fill',
  'cancel-race',
  'key-expiry',
  'clock-skew',
] as const;

export const FAULT_KINDS = [...WIRE_KINDS, ...ORDER_FAULT_KINDS];

export type FaultKind = (typeof FAULT_KINDS)[number];

export function isOrderFault(kind: FaultKind): boolean {
  return (ORDER_FAULT_KINDS as readonly string[]).includes(kind);
}

/**
 * How a message is damaged. `high-bit`: one byte gets its top bit set, which is never valid in these JSON texts outside of
 * strings. `any-bit`: one bit anywhere flips, which may turn one digit into another: no client can notice that on a venue
 * without checksums. `truncate`: the end is missing. Default: `high-bit` or `truncate`, drawn.
 */
export type CorruptMode = 'high-bit' | 'any-bit' | 'truncate';

export interface FaultSpec {
  readonly kind: FaultKind;
  /** Default: all venues. */
  readonly venue?: string | undefined;
  /** Message faults: only messages of topics (stream names) that contain this text; `late`: messages that do. */
  readonly topic?: string | undefined;
  /** Only sockets or requests whose path contains this text. */
  readonly path?: string | undefined;
  /** `cut` and `slow` may hit requests instead of sockets; faults of answers hit both unless told otherwise. */
  readonly target?: 'socket' | 'rest' | undefined;
  /** Socket faults: all matching connections, or one drawn. Default `all`. */
  readonly connections?: 'all' | 'one' | undefined;
  /** Share of the matching messages or requests that are hit. Default 1. */
  readonly probability?: number | undefined;
  /** Ends after this many hits. Default 1 if there is no `durationMs` either (nor a `probability`, for faults of orders). */
  readonly count?: number | undefined;
  /** Ends after this long. `stall` and `maintenance` default to 2,000. */
  readonly durationMs?: number | undefined;
  readonly delayMs?: number | undefined;
  readonly status?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly code?: number | undefined;
  readonly mode?: CorruptMode | undefined;
  /** Faults of orders: only such requests. Default: all. */
  readonly action?: 'place' | 'amend' | 'cancel' | undefined;
  /** Faults of orders: only orders of this account, of this venue symbol, with this text in their client order id. */
  readonly account?: string | undefined;
  readonly symbol?: string | undefined;
  readonly clientId?: string | undefined;
  /** How far the venue's clock is ahead; negative when it is behind. */
  readonly skewMs?: number | undefined;
}

const NUMBERS = ['probability', 'count', 'durationMs', 'delayMs', 'status', 'retryAfterSeconds', 'code'] as const;
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  target: ['socket', 'rest'],
  connections: ['all', 'one'],
  mode: ['high-bit', 'any-bit', 'truncate'],
  action: ['place', 'amend', 'cancel'],
  kind: FAULT_KINDS,
};
const TEXTS = ['venue', 'topic', 'path', 'account', 'symbol', 'clientId'];
const KEYS: readonly string[] = [...TEXTS, ...NUMBERS, 'skewMs', ...Object.keys(CHOICES)];

/**
 * Checks a fault that came from outside.
 * @throws SpeedError `invalid-request` naming the wrong key or value and the nearest right one
 */
export function checkFault(input: unknown): FaultSpec {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw refused('a fault is an object such as {"kind":"cut"}');
  const fault = input as Record<string, unknown>;
  if (fault['kind'] === undefined) throw refused(`a fault needs a kind: ${FAULT_KINDS.join(', ')}`);
  for (const [key, value] of Object.entries(fault)) checkEntry(key, value);
  return fault as unknown as FaultSpec;
}

function checkEntry(key: string, value: unknown): void {
  if (!KEYS.includes(key)) throw refused(`a fault has no "${key}"${suggestion(key, KEYS)}`);
  const choices = CHOICES[key];
  if (choices && !choices.includes(String(value))) {
    throw refused(`${key} "${String(value)}" is unknown${suggestion(String(value), choices)}; there is ${choices.join(', ')}`);
  }
  if ((NUMBERS as readonly string[]).includes(key) && !(typeof value === 'number' && value >= 0)) {
    throw refused(`${key} must be a number of at least 0, not ${JSON.stringify(value)}`);
  }
  if (key === 'skewMs' && !Number.isFinite(value)) throw refused(`skewMs must be a number, not ${JSON.stringify(value)}`);
}

function suggestion(text: string, candidates: Iterable<string>): string {
  const near = nearest(text, candidates);
  return near ? `; did you mean "${near}"?` : '';
}

function refused(message: string): SpeedError {
  return new SpeedError('invalid-request', message);
}

/**
 * A fault as written on a command line: `kind` or `kind:key=value,key=value`, e.g. `drop:probability=0.01,durationMs=60000`.
 * @throws SpeedError `invalid-request` as {@link checkFault}
 */
export function parseFault(text: string): FaultSpec {
  const colon = text.indexOf(':');
  const kind = colon < 0 ? text : text.slice(0, colon);
  const pairs = colon < 0 ? [] : text.slice(colon + 1).split(',');
  const entries = pairs.map((pair) => {
    const [key = '', value = ''] = pair.split('=');
    return [key, key === 'skewMs' || (NUMBERS as readonly string[]).includes(key) ? Number(value) : value] as const;
  });
  return checkFault({ kind, ...Object.fromEntries(entries) });
}
