import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Latency } from '../latency.js';
import { textFrame } from './frame.js';
import { parseHostile } from './hostile.js';
import { TokenBucket } from './token-bucket.js';

describe('textFrame', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 70_000])('says the length of %i bytes', (length) => {
    const frame = textFrame('x'.repeat(length));
    const header = length < 126 ? [0x81, length] : length < 65_536 ? [0x81, 126, length >> 8, length & 255] : [0x81, 127];
    expect([...frame.subarray(0, header.length)]).toEqual(header);
    if (length >= 65_536) expect(Number(frame.readBigUInt64BE(2))).toBe(length);
    expect(frame.length).toBe(length + (length < 126 ? 2 : length < 65_536 ? 4 : 10));
  });

  it('counts bytes, not characters', () => {
    const frame = textFrame('€'.repeat(60));
    expect([frame[1], frame.readUInt16BE(2)]).toEqual([126, 180]);
    expect(frame.subarray(4).toString()).toBe('€'.repeat(60));
  });
});

describe('parseHostile', () => {
  it('reads what JSON.parse reads, without prototypes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        if (/__proto__|constructor|prototype/.test(text)) return;
        expect(JSON.stringify(parseHostile(text, 16))).toBe(text);
      }),
    );
    expect(Object.getPrototypeOf((parseHostile('{"a":{}}', 16) as { a: object }).a)).toBeNull();
  });

  it('counts depth through arrays and objects', () => {
    expect(parseHostile('[[{"a":1}]]', 3)).toBeDefined();
    expect(() => parseHostile('[[{"a":[]}]]', 3)).toThrow('too deeply');
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses the key %s at any depth', (key) => {
    expect(() => parseHostile(`[{"a":[{"${key}":1}]}]`, 16)).toThrow(`"${key}" is not allowed`);
    const escaped = `\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${key.slice(1)}`;
    expect(() => parseHostile(`{"${escaped}":1}`, 16)).toThrow('is not allowed');
  });
});

describe('TokenBucket', () => {
  it('allows a burst and then a rate, whatever the clock does', () => {
    const bucket = new TokenBucket(10, 3, 0);
    expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([0, 0, 0]);
    expect(bucket.take(0)).toBe(100);
    expect(bucket.take(50)).toBe(50);
    expect(bucket.take(100)).toBe(0);
    expect(bucket.take(-1e9)).toBeGreaterThan(0);
    expect(bucket.take(1e9)).toBe(0);
    expect([bucket.take(1e9), bucket.take(1e9), bucket.take(1e9)]).toEqual([0, 0, 100]);
  });
});

describe('Latency', () => {
  it('gives quantiles to a tenth', () => {
    const latency = new Latency();
    expect(latency.quantile(0.5)).toBeNull();
    for (let ms = 1; ms <= 1000; ms++) latency.add(ms);
    for (const fraction of [0.5, 0.9, 0.99, 1]) {
      expect((latency.quantile(fraction) ?? 0) / (1000 * fraction)).toBeGreaterThanOrEqual(1);
      expect((latency.quantile(fraction) ?? 0) / (1000 * fraction)).toBeLessThan(1.11);
    }
  });

  it('takes anything', () => {
    const latency = new Latency();
    for (const ms of [-5, 0, 1e12]) latency.add(ms);
    expect(latency.count).toBe(3);
    expect(latency.quantile(1)).toBeGreaterThan(90_000);
  });
});
