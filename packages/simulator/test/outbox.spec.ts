import { expect, it } from 'vitest';
import { VirtualClock } from '../src/clock.js';
import { Outbox } from '../src/faults/outbox.js';

it('says nothing while any of two stalls lasts, then everything that waited (market faults, seed 2097585756)', () => {
  const clock = new VirtualClock(0);
  const outbox = new Outbox(clock);
  const said: string[] = [];
  const say = (text: string) => outbox.push(Buffer.from(text), 0, (data) => void said.push(`${clock.now()} ${data}`));
  outbox.stall(1_204);
  say('first');
  clock.advance(359);
  outbox.stall(1_719);
  say('second');
  clock.advance(1_718);
  expect(said).toEqual([]);
  clock.advance(1);
  say('third');
  expect(said).toEqual(['2078 first', '2078 second', '2078 third']);
});
