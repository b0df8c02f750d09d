import { expect, it } from 'vitest';
import { runUsers } from '../src/users/run.js';

const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);

/** The long form, with 100,000 steps, is `npm run faults -- users`. */
it(`tells users nothing of each other, and each its own once (SPEED_SEED=${seed})`, { timeout: 300_000 }, async () => {
  const report = await runUsers({ seed, steps: 3000 });
  expect(report.problems).toEqual([]);
  expect(report).toMatchObject({ foreignEvents: 0, wrong: 0, ok: true });
  expect(report.orders).toBeGreaterThan(500);
  expect(report.events).toBeGreaterThan(2000);
  expect(report.resumes).toBeGreaterThan(1);
});
