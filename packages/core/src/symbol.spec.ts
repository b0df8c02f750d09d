import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatExpiry, formatSymbol, parseSymbol, tryParseSymbol } from './symbol.js';

describe('unified symbols', () => {
  it.each([
    ['BTC/USDT', { base: 'BTC', quote: 'USDT' }],
    ['BTC/USDT:USDT', { base: 'BTC', quote: 'USDT', settle: 'USDT' }],
    ['BTC/USD:BTC-261225', { base: 'BTC', quote: 'USD', settle: 'BTC', expiry: '261225' }],
    [
      'BTC/USD:BTC-261225-100000-C',
      { base: 'BTC', quote: 'USD', settle: 'BTC', expiry: '261225', strike: '100000', optionType: 'C' },
    ],
    [
      'XRP/USDC:USDC-261225-0.55-P',
      { base: 'XRP', quote: 'USDC', settle: 'USDC', expiry: '261225', strike: '0.55', optionType: 'P' },
    ],
    ['1000PEPE/USDT:USDT', { base: '1000PEPE', quote: 'USDT', settle: 'USDT' }],
    ['币安人生/USDT', { base: '币安人生', quote: 'USDT' }],
  ])('%s', (text, parts) => {
    expect(parseSymbol(text)).toEqual(parts);
    expect(formatSymbol(parseSymbol(text))).toBe(text);
  });

  it.each(['BTC', 'BTC-USDT', 'BTC/', '/USDT', 'BTC/USDT:', 'BTC/USDT USDT', ''])('refuses %j and says the grammar', (text) => {
    expect(tryParseSymbol(text)).toBeUndefined();
    expect(() => parseSymbol(text)).toThrow(/unified symbol; write BASE\/QUOTE/);
  });

  it('prints what it parses, for any codes', () => {
    const code = fc.stringMatching(/^[A-Z0-9]{1,8}$/);
    const parts = fc.record({
      base: code,
      quote: code,
      settle: code,
      expiry: fc.stringMatching(/^\d{6}$/),
      strike: fc.stringMatching(/^[1-9]\d{0,5}$/),
      optionType: fc.constantFrom('C' as const, 'P' as const),
    });
    fc.assert(
      fc.property(parts, (p) => {
        expect(parseSymbol(formatSymbol(p))).toEqual(p);
      }),
    );
  });

  it('writes expiries in UTC', () => expect(formatExpiry(Date.UTC(2026, 11, 25, 8))).toBe('261225'));
});
