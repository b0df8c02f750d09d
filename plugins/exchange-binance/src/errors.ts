import type { ErrorKind } from '@speed-protocol/core';
import { type ErrorTable, type FaultRow, faultRows } from '@speed-protocol/wire';
import type { VenueId } from './config.js';

const { failed, unknown, all } = faultRows;

type Codes = Readonly<Record<string, ErrorKind | FaultRow>>;
type Texts = NonNullable<ErrorTable['texts']>;

const TOO_MANY: FaultRow = { kind: 'rate-limited', retryAfterMs: 60_000 };
const SIGNED_WRONG = failed('unauthorized', 'check key, secret and the environment that they belong to');
const MAINTENANCE = failed('unavailable', 'the venue is in maintenance');

/** Codes that mean the same on all products. https://developers.binance.com/docs: "Error codes". */
const COMMON: Codes = {
  ...all(unknown('unavailable'), -1000, -1001, -1006),
  ...all(unknown('timeout'), -1007),
  ...all(failed('unavailable', 'the venue is overloaded; orders that reduce a position are let through'), -1008),
  ...all(MAINTENANCE, -1016),
  ...all(TOO_MANY, -1003),
  ...all(SIGNED_WRONG, -1002, -1022, -1099, -2014, -2015),
  ...all('unauthorized', -1125),
  ...all('clock-skew', -1021),
  ...all('unsupported', -1020),
  ...all('rejected', -1013, -1014, -1112, -2010),
  ...all('invalid-request', -1100, -1101, -1102, -1103, -1104, -1105, -1106, -1108, -1111, -1114, -1115, -1116),
  ...all('invalid-request', -1117, -1118, -1119, -1120, -1127, -1128, -1130),
  ...all({ kind: 'not-found', advice: 'the venue does not know this symbol' }, -1121),
  ...all('not-found', -2011, -2013),
};

/** Spot's own, or its own meaning of a number that futures use otherwise. */
const SPOT: Codes = {
  ...all({ kind: 'rejected', outcomeKnown: false, advice: 'cancel-replace partly failed; query both orders' }, -2021),
  ...all('rejected', -1220, -2022, -2038, -2039),
  ...all('not-found', -2026, -2036),
  ...all('duplicate', -2035),
};

const FUTURES: Codes = {
  ...all(MAINTENANCE, -1109, 239999),
  ...all('insufficient-funds', -2018, -2019, -2024, -4050, -4051),
  ...all('rejected', -2021, -2022, -2025, -2026, -2027, -2028, -4016, -4046, -4059, -4131, -4142, -4531),
  ...all('rejected', -5021, -5022, -5024, -5025, -5026, -5027, -5047),
  ...all('invalid-request', -4003, -4005, -4014, -4015, -4023, -4164),
  ...all(failed('invalid-request', 'conditional orders go to the algo order endpoint'), -4120),
  ...all(failed('rejected', 'the position mode cannot change while orders are open, on USD-M or COIN-M'), -4067),
  ...all(failed('rejected', 'the position mode cannot change while positions are open, on USD-M or COIN-M'), -4068),
  ...all(failed('rejected', 'the order names a position side that the account mode does not have'), -4061),
  ...all('duplicate', -4116),
  ...all('unauthorized', -4192),
  ...all('clock-skew', -5028),
};

/** Orders are limited by account and by several intervals: only placing waits, cancels go on. */
const tooManyOrders = (text: RegExp, retryAfterMs: number, bucket: string): Texts[number] => ({
  code: '-1015',
  text,
  row: { kind: 'rate-limited', retryAfterMs, bucket },
});

/** -2010 is a bucket of reasons on spot: the text decides. */
const TEXTS: Texts = [
  tooManyOrders(/10 *SECOND/i, 10_000, 'orders10s'),
  tooManyOrders(/DAY/i, 60_000, 'orders1d'),
  tooManyOrders(/MINUTE/i, 60_000, 'orders1m'),
  tooManyOrders(/^/, 10_000, 'orders10s'),
  { code: '-2010', text: /insufficient balance/i, row: failed('insufficient-funds') },
  { code: '-2010', text: /duplicate order/i, row: failed('duplicate') },
  { code: '-2010', text: /market is closed|cancel.only/i, row: failed('unavailable', 'the market does not trade now') },
  { code: '-2010', text: /not permitted|restricted/i, row: failed('unauthorized') },
  { code: '-2010', text: /immediately match|trigger immediately/i, row: failed('rejected') },
];

const THROTTLED = failed('unavailable', 'reduce-only and close orders are let through');

/** On futures a 503 has three meanings by its text; on spot every 5xx leaves the outcome unknown. */
const FUTURES_TEXTS: Texts = [
  { status: 503, text: /^unknown error/i, row: unknown('unavailable') },
  { status: 503, text: /^service unavailable|internal error; unable to process/i, row: failed('unavailable') },
  { status: 503, text: /throttled by system-level protection/i, row: THROTTLED },
];

/** The firewall in front of all products: too many malformed requests, or a word in a parameter that it dislikes. */
const FIREWALL: FaultRow = {
  kind: 'rate-limited',
  retryAfterMs: 10_000,
  advice: "refused by the venue's web application firewall",
};

const tableOf = (texts: Texts, own: Codes): ErrorTable => ({
  // `{"code": -1121, "msg": "..."}`; 200 in `code` is the way some calls say that all went well.
  read: faultRows.reader({ code: 'code', message: 'msg', success: '200' }),
  texts,
  codes: { ...COMMON, ...own },
  statuses: { 403: FIREWALL },
  bannedUntil: /banned until (\d{13})/i,
});

const OF_FUTURES = tableOf([...FUTURES_TEXTS, ...TEXTS], FUTURES);

/** How the refusals of each venue are read, on REST and on its sockets. */
export const ERRORS: Readonly<Record<VenueId, ErrorTable>> = {
  binance: tableOf(TEXTS, SPOT),
  binanceusdm: OF_FUTURES,
  binancecoinm: OF_FUTURES,
};

/** Codes that say that a margin mode or a position mode is so already, which is what was wanted. */
export const NO_CHANGE: ReadonlySet<string> = new Set(['-4046', '-4059']);
