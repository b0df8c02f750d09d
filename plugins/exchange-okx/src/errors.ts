import type { ErrorKind } from '@speed-protocol/core';
import { type ErrorTable, type Fault, type FaultRow, faultRows, type Row } from '@speed-protocol/wire';

const { failed, unknown, all } = faultRows;

const TOO_MANY: FaultRow = { kind: 'rate-limited', retryAfterMs: 2_000 };
const SIGNED_WRONG = failed('unauthorized', 'check key, secret, password (passphrase), region and environment');
const NOT_PERMITTED = failed('unauthorized', 'the account, its region or its level does not permit this');

/** https://www.okx.com/docs-v5/en/#error-code. On trading routes these also come per order, as `sCode`. */
const CODES: Readonly<Record<string, ErrorKind | FaultRow>> = {
  ...all(failed('unavailable', 'the venue is in maintenance'), 50001),
  ...all(unknown('timeout'), 50004),
  ...all(unknown('unavailable'), 50013, 50026, 64007),
  ...all(TOO_MANY, 50011, 50061, 60014),
  ...all('invalid-request', 50002, 50006, 50014, 50015, 50016, 50024, 50025),
  ...all(NOT_PERMITTED, 50027, 50110, 50120, 51155, 51010, 59113, 64003),
  ...all(SIGNED_WRONG, 50100, 50101, 50103, 50104, 50105, 50106, 50107, 50108, 50109, 50111, 50112, 50113, 50114, 50115),
  ...all(SIGNED_WRONG, 60004, 60005, 60007, 60008, 60009, 60011, 60022, 60024, 60032),
  // 50036: later than its expTime.
  ...all('clock-skew', 50036, 50102, 60006),
  ...all({ kind: 'not-found', advice: 'the venue does not know this instrument' }, 51001),
  ...all('invalid-request', 51000, 51014, 51020, 51121, 51131, 51132, 54084, 60012, 60018),
  ...all('rejected', 51003, 51004, 51005, 51006, 51025, 51046, 51047, 51112, 51169, 51170, 51205, 51280, 51410),
  ...all(failed('unavailable', 'the account may not trade now'), 51009, 51024),
  ...all(failed('unavailable', 'the market does not trade now'), 51021, 51022, 51027, 51028, 51029, 51030),
  ...all(failed('rejected', 'only orders that reduce a position are let through'), 54031, 54094),
  ...all('insufficient-funds', 51008, 51119, 51127, 51502, 58350),
  ...all('duplicate', 51016),
  ...all('not-found', 51400, 51401, 51402, 51503, 51603),
};

/** The firewall in front of the venue, after long abuse. */
const BLOCKED: FaultRow = {
  kind: 'rate-limited',
  retryAfterMs: 60_000,
  advice: 'the venue has blocked this address for a while',
};

export const ERRORS: ErrorTable = {
  read: readFault,
  codes: CODES,
  statuses: { 403: BLOCKED, 429: TOO_MANY },
};

const ofRequest = faultRows.reader({ code: 'code', message: 'msg', success: '0' });
const ofOrder = faultRows.reader({ code: 'sCode', message: 'sMsg', success: '0' });

/**
 * `{"code":"51001","msg":"...","data":[]}`; `"0"` is success. One order's own fault says more than the envelope's 1; where
 * there are several orders, 1 and 2 say that not all went well, and each says the rest.
 */
function readFault(body: unknown): Fault | undefined {
  const whole = ofRequest(body);
  if (!whole) return undefined;
  const { data } = body as { readonly data?: unknown };
  const orders = Array.isArray(data) ? (data as readonly Row[]).filter((row) => row?.sCode !== undefined) : [];
  return orders.length > 1 ? undefined : (ofOrder(orders[0]) ?? whole);
}
