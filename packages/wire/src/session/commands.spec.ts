import { expect, it } from 'vitest';
import { jsonControl, whenIdle } from './commands.js';

it('control frames are read where they hold fields; others are not for us, and what is no JSON is refused', () => {
  const control = jsonControl(({ op }) => (op === 'pong' ? { kind: 'alive' } : undefined));
  expect(['{"op":"pong"}', '{"op":"x"}', '{}', '5', 'null', '"pong"'].map(control)).toEqual([
    { kind: 'alive' },
    ...[undefined, undefined, undefined, undefined, undefined],
  ]);
  expect(() => control('pong')).toThrow();
});

it('a connection is asked when nothing has come for a while', () => {
  expect(whenIdle(String)).toMatchObject({ when: 'idle', message: String });
});
