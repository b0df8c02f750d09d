import { parseExact } from '@speed-protocol/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderFromWire } from '../order-formats.js';
import { type OrderAnswer, orderAnswerReader } from './order-answer.js';

const SEED = Number(process.env['SPEED_SEED'] ?? Date.now() & 0x7fffffff);

const RESULT = {
  ...{ orderId: 325078477, symbol: 'BTCUSDT', status: 'NEW', clientOrderId: 'iCXL1BywlBaf2sesNUrVl3', price: '43187.00' },
  ...{ avgPrice: '0.00', origQty: '0.100', executedQty: '0.000', cumQty: '0.000', cumQuote: '0.00000', timeInForce: 'GTC' },
  ...{ type: 'LIMIT', reduceOnly: false, closePosition: false, side: 'BUY', positionSide: 'BOTH', stopPrice: '0.00' },
  ...{ workingType: 'CONTRACT_PRICE', priceProtect: false, origType: 'LIMIT', priceMatch: 'NONE' },
  ...{ selfTradePreventionMode: 'NONE', goodTillDate: 0, updateTime: 1702555534435 },
};
const LIMITS = [
  { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 300, count: 1 },
  { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 1200, count: 7 },
];
const textOf = (result: object, rateLimits: object = LIMITS) => JSON.stringify({ id: '7', status: 200, result, rateLimits });

/** What JSON makes of it, as far as it is read. */
function expected(text: string) {
  const { id, status, result, rateLimits } = parseExact(text) as OrderAnswer;
  const limits = rateLimits.map(({ rateLimitType, interval, intervalNum, count }) => [
    rateLimitType,
    interval,
    intervalNum,
    count,
  ]);
  return { id, status, order: orderFromWire('binanceusdm', 'BTC/USDT:USDT', result), limits };
}

function read(text: string, reader = orderAnswerReader()) {
  const answer = reader(Buffer.from(text));
  if (!answer) return undefined;
  const limits = answer.rateLimits.map((row) => [row.rateLimitType, row.interval, row.intervalNum, row.count]);
  const { id, status, result } = answer;
  return { id, status, order: orderFromWire('binanceusdm', 'BTC/USDT:USDT', result), limits };
}

describe('answers to orders', () => {
  it("reads the venue's own example as JSON does", () => {
    expect(read(textOf(RESULT))).toEqual(expected(textOf(RESULT)));
  });

  it('reads any of them as JSON does: ids digit for digit, texts of any characters, keys in any order, few or more', () => {
    const decimalText = fc.tuple(fc.nat(99_999), fc.nat(999)).map(([whole, part]) => `${whole}.${String(part).padStart(3, '0')}`);
    const changes = fc.record(
      {
        clientOrderId: fc.string({ minLength: 1, unit: 'grapheme' }),
        ...{ price: decimalText, avgPrice: decimalText, origQty: decimalText, executedQty: decimalText },
        status: fc.constantFrom('NEW', 'PARTIALLY_FILLED', 'FILLED', 'EXPIRED', 'EXPIRED_IN_MATCH'),
        side: fc.constantFrom('BUY', 'SELL'),
        positionSide: fc.constantFrom('BOTH', 'LONG', 'SHORT'),
        timeInForce: fc.constantFrom('GTC', 'IOC', 'FOK', 'GTX'),
        reduceOnly: fc.boolean(),
        // An empty one says as much as none.
        expiryReason: fc.string({ minLength: 1 }),
        addedLater: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const reader = orderAnswerReader();
    const answers = fc.tuple(changes, fc.bigInt(1n, 2n ** 63n - 1n), fc.constantFrom([], LIMITS), fc.nat());
    fc.assert(
      fc.property(answers, ([changed, orderId, limits, turned]) => {
        const { orderId: _, ...others } = { ...RESULT, ...changed };
        const entries = Object.entries(others);
        const at = turned % entries.length;
        const rest = JSON.stringify(Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)])).slice(1);
        const text = textOf({}, limits).replace('{}', () => `{"orderId":${orderId},${rest}`);
        expect(read(text, reader)).toEqual(expected(text));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it.each([
    ['a refusal', '{"id":"7","status":400,"error":{"code":-2019,"msg":"Margin is insufficient."},"rateLimits":[]}'],
    ['an answer of another shape', '{"id":"7","status":200,"result":{"code":200,"msg":"done"},"rateLimits":[]}'],
    ['a list', '{"id":"7","status":200,"result":[],"rateLimits":[]}'],
    ['an event', '{"event":{"e":"serverShutdown","E":1}}'],
    ['no JSON', '{"id":"7","status":200,"result":{"orderId":1,'],
    ['nothing', ''],
  ])('leaves %s to JSON', (_, text) => {
    expect(read(text)).toBeUndefined();
  });

  it('does not try a venue again that has come to answer in another way', () => {
    const reader = orderAnswerReader();
    expect(read(textOf(RESULT), reader)).toBeDefined();
    const { status: _, ...without } = RESULT;
    expect(read(textOf(without), reader)).toBeUndefined();
    expect(read(textOf(RESULT), reader)).toBeUndefined();
  });
});
