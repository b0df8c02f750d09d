import { type CommandOutcome, type ErrorKind, type GapReason, SpeedError } from '@speed-protocol/core';
import type { Journey } from './clients.js';

interface ErrorRow {
  readonly kind: ErrorKind;
  /** True when the class proves that the exchange (or ccxt, before sending) said no. */
  readonly isProof: boolean;
}

const proof = (kind: ErrorKind): ErrorRow => ({ kind, isProof: true });
const open = (kind: ErrorKind): ErrorRow => ({ kind, isProof: false });

/**
 * ccxt's error classes: https://docs.ccxt.com/#/?id=exception-hierarchy. The nearest class in an error's ancestry counts.
 * `ExchangeError` itself stands for every answer that ccxt has no word for, so it proves nothing.
 */
const CLASSES: Readonly<Record<string, ErrorRow>> = {
  AuthenticationError: proof('unauthorized'),
  ArgumentsRequired: proof('invalid-request'),
  BadRequest: proof('invalid-request'),
  BadSymbol: proof('not-found'),
  OperationRejected: proof('rejected'),
  MarketClosed: proof('unavailable'),
  InsufficientFunds: proof('insufficient-funds'),
  InvalidAddress: proof('invalid-request'),
  InvalidOrder: proof('rejected'),
  OrderNotFound: proof('not-found'),
  // ccxt's own memory, not the exchange's word.
  OrderNotCached: open('unsupported'),
  DuplicateOrderId: proof('duplicate'),
  NotSupported: proof('unsupported'),
  InvalidProxySettings: proof('config'),
  ExchangeClosedByUser: open('aborted'),
  UnsubscribeError: open('aborted'),
  ExchangeError: open('rejected'),
  RateLimitExceeded: proof('rate-limited'),
  // Also what any firewall in between says.
  DDoSProtection: open('rate-limited'),
  InvalidNonce: proof('clock-skew'),
  ChecksumError: open('protocol'),
  RequestTimeout: open('timeout'),
  ExchangeNotAvailable: open('unavailable'),
  NetworkError: open('connection'),
  BadResponse: open('protocol'),
  OperationFailed: open('unavailable'),
};

/** What ccxt makes of a bare HTTP status, without a word of the exchange: it may come from anything in between. */
const BARE_STATUS = /^\S+ (GET|POST|PUT|PATCH|DELETE) https?:\/\/\S+ (\d{3}) /;
/** These two are refusals whoever says them. */
const LIMITING = new Set(['418', '429']);

const DUPLICATE = /duplicate|already (exists|been used)/i;

/**
 * An error of ccxt as ours. What is none of ccxt's classes means that it choked on an answer. A 5xx proves nothing,
 * whatever class ccxt gives it; what never left proves that nothing happened.
 */
export function speedError(error: unknown, venue: string, what: string, journey?: Journey): SpeedError {
  if (SpeedError.is(error)) return error.venue === undefined ? located(error, venue, what) : error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const { kind, isProof } = rowOf(cause, journey);
  const outcomeKnown = journey?.isSent === false || isProof;
  const message = `${venue} ${what}: ${withoutSecrets(cause.message) || cause.name}`;
  return new SpeedError(kind, message, { venue, venueCode: codeIn(cause.message), cause, outcomeKnown });
}

/** Why a stream broke. */
export function gapReason({ kind, cause }: SpeedError): GapReason {
  if (cause instanceof Error && SEQUENCE_CLASSES.has(cause.constructor.name)) return 'sequence';
  return kind === 'protocol' ? 'decode' : 'disconnect';
}

/** What ccxt throws when the numbers of a stream, or its checksum, do not fit. */
const SEQUENCE_CLASSES = new Set(['InvalidNonce', 'ChecksumError']);

/** What a failed command's error proves. @throws what is no SpeedError */
export function outcomeOf(error: SpeedError): CommandOutcome {
  return error.outcomeKnown ? { status: 'rejected', reason: error } : { status: 'unknown', cause: error };
}

function located(error: SpeedError, venue: string, what: string): SpeedError {
  const { kind, venueCode, retryAfterMs, outcomeKnown } = error;
  return new SpeedError(kind, `${venue} ${what}: ${error.message}`, {
    venue,
    venueCode,
    retryAfterMs,
    outcomeKnown,
    cause: error,
  });
}

function rowOf(error: Error, journey: Journey | undefined): ErrorRow {
  const status = BARE_STATUS.exec(error.message)?.[2];
  const row = classRow(error) ?? open('protocol');
  if ((journey?.status ?? 0) >= 500) return open(row.isProof ? 'unavailable' : row.kind);
  if (row.kind === 'rejected' && DUPLICATE.test(error.message)) return { ...row, kind: 'duplicate' };
  return status === undefined ? row : { ...row, isProof: LIMITING.has(status) };
}

function classRow(error: Error): ErrorRow | undefined {
  for (let at: unknown = error; at; at = Object.getPrototypeOf(at)) {
    const { name } = (at as { readonly constructor: { readonly name: string } }).constructor;
    if (Object.hasOwn(CLASSES, name)) return CLASSES[name];
  }
  return undefined;
}

/** Queries carry signatures. */
function withoutSecrets(message: string): string {
  return message.replace(/(https?:\/\/[^\s?]+)\?\S*/g, '$1').slice(0, 500);
}

const CODE_KEYS = ['sCode', 'code', 'retCode', 'err-code', 'error_code', 'errorCode'] as const;

/** The exchange's own code, where the message quotes its answer. */
function codeIn(message: string): string | undefined {
  for (const key of CODE_KEYS) {
    const found = new RegExp(`"${key}"\\s*:\\s*"?(-?[\\w.]+)"?`).exec(message)?.[1];
    if (found !== undefined && found !== '0' && found !== '1') return found;
  }
  return undefined;
}
