import { type ErrorKind, SpeedError } from '@speed-protocol/core';

/** What a code, a text or a status means. */
export interface FaultRow {
  readonly kind: ErrorKind;
  /** True when the venue's documents say that nothing (or everything) happened; by kind when absent. */
  readonly outcomeKnown?: boolean;
  /** Pause of the rate gate when the answer does not name one. Also given to the caller as `retryAfterMs`. */
  readonly retryAfterMs?: number;
  /** Only this bucket of the gate pauses; all of them when absent. */
  readonly bucket?: string;
  /** What to do about it, for the message. */
  readonly advice?: string;
}

/** A venue's own words for what went wrong. */
export interface Fault {
  readonly code: string;
  readonly message: string;
}

/** How the answers of one venue are read. Texts are tried first, then codes, then statuses. */
export interface ErrorTable {
  /** The fault in a body, or `undefined` when the body is none. Venues that say no with status 200 are read here too. */
  read(body: unknown): Fault | undefined;
  /** For codes that are buckets of reasons. Every given part must match. */
  readonly texts?: readonly { readonly status?: number; readonly code?: string; readonly text: RegExp; readonly row: FaultRow }[];
  readonly codes: Readonly<Record<string, ErrorKind | FaultRow>>;
  /** Besides {@link STATUS_ROWS}, which they override. */
  readonly statuses?: Readonly<Record<number, FaultRow>>;
  /** Finds the end of a ban (ms since epoch, first group) in the fault's message. */
  readonly bannedUntil?: RegExp;
}

/** What statuses mean everywhere; nobody knows whether a 5xx did something. */
const STATUS_ROWS: Readonly<Record<number, FaultRow>> = {
  400: { kind: 'invalid-request' },
  401: { kind: 'unauthorized' },
  403: { kind: 'unauthorized' },
  404: { kind: 'not-found' },
  408: { kind: 'timeout' },
  418: { kind: 'rate-limited', retryAfterMs: 120_000 },
  429: { kind: 'rate-limited', retryAfterMs: 60_000 },
  451: { kind: 'unavailable', outcomeKnown: true, advice: 'the venue does not serve this location' },
};

/** The parts of an answer that decide. */
export interface FaultyAnswer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** Parsed body; `undefined` when it was not JSON. */
  readonly body: unknown;
  readonly now: number;
}

/** The row that applies to an answer, or `undefined` when the answer is a success. */
function faultRow(table: ErrorTable, status: number, fault: Fault | undefined): FaultRow | undefined {
  if (!fault && status >= 200 && status < 300) return undefined;
  const byText = fault && table.texts?.find((each) => matches(each, status, fault));
  if (byText) return byText.row;
  const byStatus = table.statuses?.[status] ?? STATUS_ROWS[status];
  // A limit or ban announced by status stays one, whatever the body says.
  if (byStatus?.kind === 'rate-limited') return byStatus;
  const byCode = fault && Object.hasOwn(table.codes, fault.code) ? table.codes[fault.code] : undefined;
  if (byCode !== undefined) return typeof byCode === 'string' ? { kind: byCode } : byCode;
  return byStatus ?? { kind: fallbackKind(status) };
}

/**
 * What went wrong, as the one error; `undefined` when nothing did.
 * @param what for the message: venue, method and path; never the query, which carries signatures
 */
export function faultOf(
  table: ErrorTable,
  answer: FaultyAnswer,
  venue: string,
  what: string,
): { error: SpeedError; row: FaultRow } | undefined {
  const fault = answer.body === undefined ? undefined : table.read(answer.body);
  const row = faultRow(table, answer.status, fault);
  if (!row) return undefined;
  const said = fault ? `${fault.message} (code ${fault.code}, HTTP ${answer.status})` : `HTTP ${answer.status}`;
  const error = new SpeedError(row.kind, `${what}: ${said}${row.advice === undefined ? '' : `; ${row.advice}`}`, {
    venue,
    venueCode: fault?.code,
    retryAfterMs: retryAfter(table, answer, fault) ?? row.retryAfterMs,
    outcomeKnown: row.outcomeKnown,
  });
  return { error, row };
}

function matches(each: NonNullable<ErrorTable['texts']>[number], status: number, fault: Fault): boolean {
  if (each.status !== undefined && each.status !== status) return false;
  if (each.code !== undefined && each.code !== fault.code) return false;
  return each.text.test(fault.message);
}

function fallbackKind(status: number): ErrorKind {
  if (status >= 500) return 'unavailable';
  if (status >= 400 || (status >= 200 && status < 300)) return 'rejected';
  return 'protocol';
}

/** `Retry-After` in seconds or as a date, else the end of the ban that the message names; ms from now. */
function retryAfter(table: ErrorTable, answer: FaultyAnswer, fault: Fault | undefined): number | undefined {
  const header = answer.header('retry-after');
  if (header !== undefined && /^\d+$/.test(header)) return Number(header) * 1000;
  const date = header === undefined ? Number.NaN : Date.parse(header);
  if (Number.isFinite(date)) return Math.max(0, date - answer.now);
  const until = fault && table.bannedUntil?.exec(fault.message)?.[1];
  return until === undefined ? undefined : Math.max(0, Number(until) - answer.now);
}
