import { describe, expect, it } from 'vitest';
import { Cell, FrameBatch } from './cell.js';

function setup() {
  const frames: (() => void)[] = [];
  const batch = new FrameBatch((flush) => frames.push(flush));
  return { frames, cell: () => new Cell(batch) };
}

describe('FrameBatch', () => {
  it('calls a listener once per frame, however many changes there were and in however many cells', () => {
    const { frames, cell } = setup();
    const [a, b] = [cell(), cell()];
    let calls = 0;
    const listener = () => calls++;
    a.listen(listener);
    b.listen(listener);
    for (let i = 0; i < 100; i++) {
      a.touch();
      b.touch();
    }
    expect(frames).toHaveLength(1);
    frames.shift()?.();
    expect(calls).toBe(1);
  });

  it('asks for a new frame when something changes while a frame is drawn', () => {
    const { frames, cell } = setup();
    const a = cell();
    let calls = 0;
    a.listen(() => {
      calls++;
      if (calls === 1) a.touch();
    });
    a.touch();
    frames.shift()?.();
    expect(frames).toHaveLength(1);
    frames.shift()?.();
    expect(calls).toBe(2);
  });

  it('asks for no frame when nobody looks', () => {
    const { frames, cell } = setup();
    const a = cell();
    const stop = a.listen(() => undefined);
    stop();
    a.touch();
    expect(frames).toHaveLength(0);
  });
});
