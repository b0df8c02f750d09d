import { expect, it, vi } from 'vitest';
import { runUsers } from '../src/users/run.js';

type Module = typeof import('../../../apps/server/src/trading/account-stream.js');

// A server that tells the last event again to whoever comes back.
vi.mock('../../../apps/server/src/trading/account-stream.js', async (original) => {
  const real = await original<Module>();
  class Repeating extends real.AccountStream {
    override attach(sink: Parameters<InstanceType<Module['AccountStream']>['attach']>[0], after: number): void {
      super.attach(sink, Math.max(0, after - 1));
    }
  }
  return { ...real, AccountStream: Repeating };
});

it('notices a server that tells an event twice', { timeout: 300_000 }, async () => {
  const report = await runUsers({ seed: 2, steps: 1000 });
  expect(report.ok).toBe(false);
  expect(report.problems.join()).toMatch(/event \d+ came after \d+/);
});
