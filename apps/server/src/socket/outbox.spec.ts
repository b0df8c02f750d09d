import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Joiner } from './joiner.js';
import { type Mailroom, Outbox, type OutboxCounters } from './outbox.js';

const SEED = Number(process.env['SPEED_SEED'] ?? Date.now() % 1e9);

/** A socket whose kernel takes nothing until told to. */
class Kernel extends Duplex {
  readonly written: string[] = [];
  open = true;
  #resume: (() => void) | undefined;

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (chunk.length > 0) this.written.push(chunk.toString());
    if (this.open) done();
    else this.#resume = done;
  }

  /** Takes what waits. */
  accept(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }
}

function setup(limitBytes = 1 << 20) {
  const kernel = new Kernel();
  const dirty: Outbox[] = [];
  const counters: OutboxCounters = { frames: 0, bytes: 0, writes: 0, conflated: 0 };
  const mailroom: Mailroom = {
    counters,
    joiner: new Joiner(),
    limitBytes,
    now: () => 7,
    schedule: (outbox) => dirty.push(outbox),
  };
  let overflows = 0;
  const outbox = new Outbox(kernel, mailroom, () => {
    overflows++;
    outbox.close();
  });
  return {
    kernel,
    counters,
    outbox,
    overflows: () => overflows,
    /** The end of a turn. */
    turn() {
      for (const each of dirty.splice(0)) each.flush();
    },
    /** Everything the socket was given, as the client would read it. */
    read: () => kernel.written.join('').split(';').filter(Boolean),
  };
}

const frame = (text: string) => Buffer.from(`${text};`);
const [A, B] = [{}, {}];
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('Outbox', () => {
  it('writes once per turn while the socket takes everything', () => {
    const { outbox, turn, kernel, counters } = setup();
    outbox.pushEvent(frame('1'));
    outbox.pushState(frame('2'), A);
    outbox.pushState(frame('3'), A);
    expect(kernel.written).toEqual([]);
    turn();
    expect(kernel.written).toEqual(['1;2;3;']);
    expect(counters).toMatchObject({ frames: 3, writes: 1, conflated: 0 });
  });

  it('conflates states by key and keeps events, in order, while it does not', async () => {
    const { outbox, turn, kernel, read, counters } = setup();
    kernel.open = false;
    outbox.pushEvent(frame('first'));
    turn();
    expect(outbox.laggingSince).toBe(7);
    outbox.pushState(frame('a1'), A);
    outbox.pushEvent(frame('e1'));
    outbox.pushState(frame('b1'), B);
    outbox.pushState(frame('a2'), A);
    outbox.pushEvent(frame('gap'), A);
    outbox.pushState(frame('a3'), A);
    outbox.pushState(frame('a4'), A);
    kernel.open = true;
    kernel.accept();
    await settle();
    expect(read()).toEqual(['first', 'a2', 'e1', 'b1', 'gap', 'a4']);
    expect(counters.conflated).toBe(2);
    expect(outbox.laggingSince).toBeUndefined();
  });

  it('forgets the state of a channel that is not wanted any more', async () => {
    const { outbox, turn, kernel, read } = setup();
    kernel.open = false;
    outbox.pushEvent(frame('first'));
    turn();
    outbox.pushState(frame('a'), A);
    outbox.pushState(frame('b'), B);
    outbox.forget(A);
    outbox.forget(A);
    kernel.open = true;
    kernel.accept();
    await settle();
    expect(read()).toEqual(['first', 'b']);
  });

  it('says when events exceed the bound, once; states never do', () => {
    const { outbox, turn, kernel, overflows } = setup(20);
    kernel.open = false;
    outbox.pushEvent(frame('first'));
    turn();
    for (let i = 0; i < 100; i++) outbox.pushState(frame(`state ${i}`), A);
    expect(overflows()).toBe(0);
    for (let i = 0; i < 100; i++) outbox.pushEvent(frame(`event ${i}`));
    expect(overflows()).toBe(1);
  });

  it('counts a turn that brings more than fits into one write, too', () => {
    const { outbox, turn, kernel, overflows } = setup(1 << 20);
    kernel.open = false;
    for (let i = 0; i < 40; i++) outbox.pushEvent(frame('x'.repeat(50_000)));
    turn();
    expect(overflows()).toBe(1);
    expect(kernel.written.join('').length).toBeLessThan(400_000);
  });

  it(`loses no event, sends the last state, and keeps the order, whenever the socket stalls (seed ${SEED})`, async () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant('event' as const), key: fc.constantFrom(undefined, A, B) }) },
      { weight: 5, arbitrary: fc.record({ do: fc.constant('state' as const), key: fc.constantFrom(A, B) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('turn' as const, 'stall' as const, 'take' as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { outbox, turn, kernel, read } = setup();
        const events: string[] = [];
        const lastState = new Map<object, string>();
        let n = 0;
        for (const each of steps) {
          const text = `${++n}`;
          if (each.do === 'event') {
            events.push(text);
            outbox.pushEvent(frame(text), each.key);
          } else if (each.do === 'state') {
            lastState.set(each.key, text);
            outbox.pushState(frame(text), each.key);
          } else if (each.do === 'turn') {
            turn();
          } else {
            kernel.open = each.do === 'take';
            if (kernel.open) kernel.accept();
            await settle();
          }
        }
        turn();
        kernel.open = true;
        kernel.accept();
        await settle();
        turn();
        await settle();
        const got = read();
        const isEvent = new Set(events);
        expect(got.filter((text) => isEvent.has(text))).toEqual(events);
        for (const text of lastState.values()) expect(got).toContain(text);
        expect(new Set(got).size).toBe(got.length);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});

describe('Joiner', () => {
  it('shares the buffer between clients that want the same', () => {
    const joiner = new Joiner();
    const [one, two, three] = [frame('1'), frame('2'), frame('3')];
    const joined = joiner.join([one!, two!]);
    expect(String(joined)).toBe('1;2;');
    expect(joiner.join([one!, two!])).toBe(joined);
    expect(String(joiner.join([one!, three!]))).toBe('1;3;');
    expect(joiner.join([two!])).toBe(two);
  });
});
