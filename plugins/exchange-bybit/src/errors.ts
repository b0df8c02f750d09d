import type { ErrorKind } from '@speed-protocol/core';
import { type ErrorTable, type Fault, type FaultRow, faultRows, type Row } from '@speed-protocol/wire';

const { failed, unknown, all } = faultRows;

const TOO_MANY: FaultRow = { kind: 'rate-limited', retryAfterMs: 1_000 };
const SIGNED_WRONG = failed('unauthorized', 'check key, secret, region and environment');
const NOT_PERMITTED = failed('unauthorized', 'the key or the account has no permission for this');
const NOT_HERE = failed('unavailable', 'the venue does not offer this to the account or its location');
const NO_SYMBOL: FaultRow = { kind: 'not-found', advice: 'the venue does not know this instrument' };

/** https://bybit-exchange.github.io/docs/v5/error. 10001 is any wrong parameter; the message says which. */
const CODES: Readonly<Record<string, ErrorKind | FaultRow>> = {
  ...all(unknown('unavailable'), 10000, 10016, 170001, 170032, 170146, 170147, 170234, 170310),
  ...all(unknown('timeout'), 170007),
  ...all('invalid-request', 10001, 10017, 10404, 20006, 110003, 110020, 110009, 110021, 110022, 110032),
  ...all('invalid-request', 110064, 110086, 110090, 110092, 110093, 110094, 110120, 110121),
  ...all('invalid-request', 170115, 170116, 170117, 170124, 170130, 170132, 170133, 170134, 170135, 170136, 170137),
  ...all('invalid-request', 170140, 170148, 170192, 170193, 170194, 170341, 170371, 170372, 170381),
  ...all('clock-skew', 10002),
  ...all(SIGNED_WRONG, 10003, 10004, 10007, 33004),
  ...all(NOT_PERMITTED, 10005, 10008, 10010, 10027, 10028, 100028, 110066),
  ...all(NOT_HERE, 10009, 10024, 10029, 110123, 110125, 110132, 170209, 170348),
  ...all(TOO_MANY, 10006, 10018, 10429, 10403, 20003, 170005, 170222),
  ...all(failed('unavailable', 'the market does not trade now'), 10019, 110063, 110074, 170031, 170151, 170157),
  ...all('insufficient-funds', 110004, 110006, 110007, 110012, 110014, 110044, 110045, 110051, 110052, 110053, 170033, 170131),
  ...all('not-found', 110001, 110008, 110010, 110019, 170139, 170142, 170143, 170190, 170213),
  ...all('duplicate', 10014, 110072, 170141),
  ...all(failed('rejected', 'a post-only order may not take'), 110103, 170217, 170218),
  ...all(failed('rejected', 'there is no position that this order would reduce'), 110017, 110023, 110034, 110042),
  ...all(NO_SYMBOL, 170121),
  ...all(failed('unavailable', 'the venue still works on this; ask again'), 110079, 170035, 170191, 170212),
  ...all('rejected', 110024, 110025, 110026, 110027, 110028, 110029, 110043),
};

/** The private stream gives no code; this is the one of a wrong signature. */
const LOGIN_REFUSED = '10004';

/** The firewall in front of the venue: the address asks too often, or comes from where the venue does not serve. */
const BLOCKED: FaultRow = {
  kind: 'rate-limited',
  retryAfterMs: 600_000,
  advice: 'the venue has blocked this address: after too many requests for ten minutes, by location for good',
};

export const ERRORS: ErrorTable = {
  read: readFault,
  texts: [
    { code: '10001', text: /symbol (is )?invalid|not supported symbols/i, row: NO_SYMBOL },
    // Logins on sockets say when they are good for.
    { code: '10001', text: /expired/i, row: { kind: 'clock-skew' } },
    { code: LOGIN_REFUSED, text: /expired/i, row: { kind: 'clock-skew' } },
  ],
  codes: CODES,
  statuses: { 403: BLOCKED, 429: TOO_MANY },
};

/** Codes that say that something is so already, which is what was wanted. */
export const NO_CHANGE: ReadonlySet<string> = new Set(['110025', '110026', '110027', '110043']);

const inAnswer = faultRows.reader({ code: 'retCode', message: 'retMsg', success: '0' });

/** `{"retCode":110007,"retMsg":"...","result":{}}`; 0 is success. The private stream says no without a code. */
function readFault(body: unknown): Fault | undefined {
  const { op, success, ret_msg } = (body ?? {}) as Row;
  if (success === false) return { code: op === 'auth' ? LOGIN_REFUSED : '', message: String(ret_msg ?? '') };
  return inAnswer(body);
}
