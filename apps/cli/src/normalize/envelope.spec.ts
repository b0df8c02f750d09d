import { describe, expect, it } from 'vitest';
import { parseEnvelope } from './envelope.js';

describe('parseEnvelope', () => {
  it('reads a line and ignores what it does not know', () => {
    const line = '{"venue":"x","transport":"ws","url":"wss://h/p","dir":"in","ts":1700000000000.25,"raw":"{}","ts_ns":"1"}';
    expect(parseEnvelope(line)).toEqual({ transport: 'ws', url: 'wss://h/p', dir: 'in', ts: 1_700_000_000_000.25, raw: '{}' });
  });

  it('takes what is missing as unknown', () => {
    expect(parseEnvelope('{"transport":"rest","raw":""}')).toEqual({
      transport: 'rest',
      url: null,
      dir: 'in',
      ts: null,
      raw: '',
    });
  });

  it.each([
    ['{"transport":"ws","raw":', /^not JSON: /],
    ['[1]', /^not an object; expected \{"transport"/],
    ['null', /^not an object/],
    ['{"transport":"ws"}', /^no "raw" text/],
    ['{"transport":"ws","raw":{}}', /^no "raw" text/],
    ['{"transport":"tcp","raw":""}', /^"transport" is "tcp"; expected "ws" or "rest"/],
    ['{"raw":""}', /^"transport" is undefined/],
    ['{"transport":"ws","dir":"up","raw":""}', /^"dir" is "up"/],
  ])('says what is wrong with %s', (line, message) => expect(() => parseEnvelope(line)).toThrow(message));
});
