import { describe, expect, it } from 'vitest';
import { type Lane, Lanes } from './lanes.js';

describe('lanes', () => {
  it('runs the most urgent first, cancels at once, and questions beside commands', async () => {
    const lanes = new Lanes({ commands: 2, questions: 1 });
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const add = (lane: Lane, name: string) =>
      lanes.run(lane, () => {
        begun.push(name);
        return new Promise<void>((resolve) => ends.push(resolve));
      });
    const jobs = [
      add('read', 'r1'),
      add('read', 'r2'),
      add('place', 'p1'),
      add('place', 'p2'),
      add('place', 'p3'),
      add('amend', 'a1'),
      add('cancel', 'c1'),
    ];
    expect(begun).toEqual(['r1', 'p1', 'p2', 'c1']);
    expect(jobs[4]!.withdraw()).toBe(true);
    expect(jobs[0]!.withdraw()).toBe(false);
    for (let i = 0; i < 6; i++) {
      ends[i]!();
      await jobs[0]!.result;
      await new Promise(setImmediate);
    }
    expect(begun).toEqual(['r1', 'p1', 'p2', 'c1', 'r2', 'a1']);
  });

  it('goes on after a job has failed', async () => {
    const lanes = new Lanes({ commands: 2, questions: 1 });
    await expect(lanes.run('place', () => Promise.reject(new Error('no'))).result).rejects.toThrow('no');
    await expect(lanes.run('read', () => Promise.resolve(1)).result).resolves.toBe(1);
  });
});
