import { expect, it, vi } from 'vitest';
import { runUsers } from '../src/users/run.js';

// A server that lets every user use every account.
vi.mock('../../../apps/server/src/trading/users.js', async (original) => ({
  ...(await original<object>()),
  mayUse: () => true,
}));

it('notices a server that does not keep users apart', { timeout: 300_000 }, async () => {
  const report = await runUsers({ seed: 1, steps: 300 });
  expect(report.ok).toBe(false);
  expect(report.foreignEvents).toBeGreaterThan(0);
  expect(report.wrong).toBeGreaterThan(0);
});
