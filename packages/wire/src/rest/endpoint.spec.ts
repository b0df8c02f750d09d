import { SpeedError } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { costsOf, encodeQuery, endpointsOf, fillPath, weightByLimit, weightByPresence } from './endpoint.js';

const base = { method: 'GET', path: '/x', idempotent: true } as const;

describe('routes of a table', () => {
  it('are GET and may be sent twice, or JSON and may not, unless the row says more', () => {
    const rows = {
      time: { path: '/time' },
      order: { path: '/order', method: 'POST' },
      move: { path: '/move', idempotent: false },
    } as const;
    expect(
      endpointsOf<keyof typeof rows, (typeof rows)[keyof typeof rows]>(rows, (row, name) => ({ ...row, bucket: name })),
    ).toEqual({
      time: { path: '/time', method: 'GET', encoding: 'query', idempotent: true, weight: 1, bucket: 'time' },
      order: { path: '/order', method: 'POST', encoding: 'json', idempotent: false, weight: 1, bucket: 'order' },
      move: { path: '/move', method: 'GET', encoding: 'query', idempotent: false, weight: 1, bucket: 'move' },
    });
  });
});

describe('weights', () => {
  it('step with a limit, take the default for an absent one and the last row beyond the table', () => {
    const weight = weightByLimit('limit', 500, [
      [99, 1],
      [499, 2],
      [1000, 5],
      [1500, 10],
    ]);
    expect([1, 99, 100, 499, 500, 1000, 1001, 9999].map((limit) => weight({ limit }))).toEqual([1, 1, 2, 2, 5, 5, 10, 10]);
    expect(weight({})).toBe(5);
  });

  it('depend on whether one or all are asked for', () => {
    const weight = weightByPresence(['symbol', 'pair'], 1, 40);
    expect([weight({ symbol: 'X' }), weight({ pair: 'X' }), weight({}), weight({ symbol: undefined })]).toEqual([1, 1, 40, 40]);
  });

  it('go to the first bucket, to the named one, and to further ones', () => {
    expect(costsOf({ ...base, weight: 3 }, {}, 'weight')).toEqual({ weight: 3 });
    expect(costsOf({ ...base, weight: () => 2, bucket: 'ip', costs: { orders: 1, ip: 1 } }, {}, 'weight')).toEqual({
      ip: 3,
      orders: 1,
    });
  });
});

describe('paths and queries', () => {
  it('fills a path and does not send what it used', () => {
    expect(fillPath('/a/{id}/b', { id: 'x y', z: 1 })).toEqual({ path: '/a/x%20y/b', rest: { z: 1 } });
    expect(() => fillPath('/a/{id}', {})).toThrow('needs the parameter "id"');
  });

  it('encodes in the order given', () => {
    expect(encodeQuery({ b: 1, a: '币', c: true, d: undefined, e: null, f: '' })).toBe('b=1&a=%E5%B8%81&c=true&f=');
  });

  it('refuses a lone surrogate', () => {
    expect(() => encodeQuery({ a: '\ud800' })).toThrow(SpeedError);
  });
});
