import type { ErrorKind } from '@speed-protocol/core';
import { type ErrorTable, type FaultRow, faultRows } from '@speed-protocol/wire';
import type { VenueId } from './config.js';

const { failed, unknown } = faultRows;

const WEIGHT_LIMIT: FaultRow = { kind: 'rate-limited', retryAfterMs: 60_000 };
const SIGNED_WRONG: FaultRow = failed('unauthorized', 'check key, secret and the environment that they belong to');
const USE_ALGO: FaultRow = failed('invalid-request', 'conditional orders go to the algo order endpoint');

/** Codes that mean the same on all products. https://developers.binance.com/docs: "Error codes". */
const COMMON: Readonly<Record<string, ErrorKind | FaultRow>> = {
  '-1000': unknown('unavailable'),
  '-1001': unknown('unavailable'),
  '-1002': SIGNED_WRONG,
  '-1003': WEIGHT_LIMIT,
  '-1006': unknown('unavailable'),
  '-1007': unknown('timeout'),
  '-1008': failed('unavailable', 'the venue is overloaded; orders that reduce a position are let through'),
  '-1013': 'rejected',
  '-1014': 'rejected',
  '-1016': failed('unavailable', 'the venue is in maintenance'),
  '-1020': 'unsupported',
  '-1021': 'clock-skew',
  '-1022': SIGNED_WRONG,
  '-1099': SIGNED_WRONG,
  '-1100': 'invalid-request',
  '-1101': 'invalid-request',
  '-1102': 'invalid-request',
  '-1103': 'invalid-request',
  '-1104': 'invalid-request',
  '-1105': 'invalid-request',
  '-1106': 'invalid-request',
  '-1108': 'invalid-request',
  '-1111': 'invalid-request',
  '-1112': 'rejected',
  '-1114': 'invalid-request',
  '-1115': 'invalid-request',
  '-1116': 'invalid-request',
  '-1117': 'invalid-request',
  '-1118': 'invalid-request',
  '-1119': 'invalid-request',
  '-1120': 'invalid-request',
  '-1121': { kind: 'not-found', advice: 'the venue does not know this symbol' },
  '-1125': 'unauthorized',
  '-1127': 'invalid-request',
  '-1128': 'invalid-request',
  '-1130': 'invalid-request',
  '-2010': 'rejected',
  '-2011': 'not-found',
  '-2013': 'not-found',
  '-2014': SIGNED_WRONG,
  '-2015': SIGNED_WRONG,
};

/** Spot's own, or its own meaning of a number that futures use otherwise. */
const SPOT: Readonly<Record<string, ErrorKind | FaultRow>> = {
  '-1220': 'rejected',
  '-2021': { kind: 'rejected', outcomeKnown: false, advice: 'cancel-replace partly failed; query both orders' },
  '-2022': 'rejected',
  '-2026': 'not-found',
  '-2035': 'duplicate',
  '-2036': 'not-found',
  '-2038': 'rejected',
  '-2039': 'rejected',
};

const FUTURES: Readonly<Record<string, ErrorKind | FaultRow>> = {
  '-1109': failed('unavailable', 'the venue is in maintenance'),
  '239999': failed('unavailable', 'the venue is in maintenance'),
  '-2018': 'insufficient-funds',
  '-2019': 'insufficient-funds',
  '-2021': 'rejected',
  '-2022': 'rejected',
  '-2024': 'insufficient-funds',
  '-2025': 'rejected',
  '-2026': 'rejected',
  '-2027': 'rejected',
  '-2028': 'rejected',
  '-4003': 'invalid-request',
  '-4005': 'invalid-request',
  '-4014': 'invalid-request',
  '-4015': 'invalid-request',
  '-4016': 'rejected',
  '-4023': 'invalid-request',
  '-4050': 'insufficient-funds',
  '-4051': 'insufficient-funds',
  '-4046': 'rejected',
  '-4059': 'rejected',
  '-4067': failed('rejected', 'the position mode cannot change while orders are open, on USD-M or COIN-M'),
  '-4068': failed('rejected', 'the position mode cannot change while positions are open, on USD-M or COIN-M'),
  '-4061': failed('rejected', 'the order names a position side that the account mode does not have'),
  '-4116': 'duplicate',
  '-4120': USE_ALGO,
  '-4131': 'rejected',
  '-4142': 'rejected',
  '-4164': 'invalid-request',
  '-4192': 'unauthorized',
  '-4531': 'rejected',
  '-5021': 'rejected',
  '-5022': 'rejected',
  '-5024': 'rejected',
  '-5025': 'rejected',
  '-5026': 'rejected',
  '-5027': 'rejected',
  '-5028': 'clock-skew',
  '-5047': 'rejected',
};

/** Orders are limited by account and by two intervals: only placing waits, cancels go on. */
const TOO_MANY_ORDERS: NonNullable<ErrorTable['texts']> = [
  { code: '-1015', text: /10 *SECOND/i, row: { kind: 'rate-limited', retryAfterMs: 10_000, bucket: 'orders10s' } },
  { code: '-1015', text: /DAY/i, row: { kind: 'rate-limited', retryAfterMs: 60_000, bucket: 'orders1d' } },
  { code: '-1015', text: /MINUTE/i, row: { kind: 'rate-limited', retryAfterMs: 60_000, bucket: 'orders1m' } },
  { code: '-1015', text: /^/, row: { kind: 'rate-limited', retryAfterMs: 10_000, bucket: 'orders10s' } },
];

/** -2010 is a bucket of reasons on spot: the text decides. */
const TEXTS: NonNullable<ErrorTable['texts']> = [
  ...TOO_MANY_ORDERS,
  { code: '-2010', text: /insufficient balance/i, row: failed('insufficient-funds') },
  { code: '-2010', text: /duplicate order/i, row: failed('duplicate') },
  { code: '-2010', text: /market is closed|cancel.only/i, row: failed('unavailable', 'the market does not trade now') },
  { code: '-2010', text: /not permitted|restricted/i, row: failed('unauthorized') },
  { code: '-2010', text: /immediately match|trigger immediately/i, row: failed('rejected') },
];

/** On futures a 503 has three meanings by its text; on spot every 5xx leaves the outcome unknown. */
const FUTURES_TEXTS: NonNullable<ErrorTable['texts']> = [
  { status: 503, text: /^unknown error/i, row: unknown('unavailable') },
  { status: 503, text: /^service unavailable|internal error; unable to process/i, row: failed('unavailable') },
  {
    status: 503,
    text: /throttled by system-level protection/i,
    row: failed('unavailable', 'reduce-only and close orders are let through'),
  },
];

/** The firewall in front of all products: too many malformed requests, or a word in a parameter that it dislikes. */
const FIREWALL: FaultRow = {
  kind: 'rate-limited',
  retryAfterMs: 10_000,
  advice: "refused by the venue's web application firewall",
};

const SPOT_ERRORS = tableOf(TEXTS, SPOT);
const FUTURES_ERRORS = tableOf([...FUTURES_TEXTS, ...TEXTS], FUTURES);

/** How the refusals of a venue are read, on REST and on its sockets. */
export function errorsOf(venue: VenueId): ErrorTable {
  return venue === 'binance' ? SPOT_ERRORS : FUTURES_ERRORS;
}

function tableOf(texts: NonNullable<ErrorTable['texts']>, own: ErrorTable['codes']): ErrorTable {
  return {
    // `{"code": -1121, "msg": "..."}`; 200 in `code` is the way some calls say that all went well.
    read: faultRows.reader({ code: 'code', message: 'msg', success: '200' }),
    texts,
    codes: { ...COMMON, ...own },
    statuses: { 403: FIREWALL },
    bannedUntil: /banned until (\d{13})/i,
  };
}
