import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { run } from '../main.js';

const ACCOUNT = {
  account: 'desk',
  venue: 'okx',
  environment: 'sim',
  state: 'ready',
  reason: null,
  killed: false,
  mayTrade: true,
};
const PNL = { clientOrderId: 'a1', symbol: 'BTC/USDT:USDT', open: true };

/** What a server says to each command; to `watch_pnl` first the profit, and its reply never. */
const SAYS: Readonly<Record<string, (id: number) => object>> = {
  accounts: (id) => ({ id, ok: true, result: { accounts: [ACCOUNT] } }),
  resume: (id) => ({ id, ok: true, result: { session: 's', seq: 0, resumed: false } }),
  watch_pnl: () => ({ seq: 1, type: 'pnl', account: 'desk', pnl: PNL }),
};

/** Runs a trade command against that server and interrupts it once it has printed, or asked for `until`. */
async function interrupted(args: readonly string[], until?: string) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  await using _ = { [Symbol.asyncDispose]: async () => void (await new Promise((closed) => server.close(closed))) };
  const interruption = new AbortController();
  server.on('connection', (socket) =>
    socket.on('message', (data) => {
      const { id, command } = JSON.parse(String(data)) as { id: number; command: string };
      const say = SAYS[command];
      if (say && command !== until) socket.send(JSON.stringify(say(id)));
      else interruption.abort();
    }),
  );
  const stdout = new PassThrough().on('data', () => interruption.abort());
  const stderr = new PassThrough();
  const target = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { signal } = interruption;
  const code = await run(['trade', ...args, '--target', target], { stdin: new PassThrough(), stdout, stderr, signal });
  return { code, said: String(stderr.read() ?? '') };
}

it.each([
  ['between the first profit and the answer to the question', undefined],
  ['while the server is asked for the accounts', 'accounts'],
  ['while the server is asked for the profit', 'watch_pnl'],
])('following a profit ends well when it is interrupted %s', async (_, until) => {
  expect(await interrupted(['pnl', 'a1', '--json'], until)).toEqual({ code: 0, said: '' });
});

it('an order that was being placed may have arrived: that is no good end', async () => {
  const { code, said } = await interrupted(['place', 'BTC/USDT:USDT', 'buy', '1', '--yes'], 'place');
  expect([code, said]).toEqual([1, expect.stringMatching(/abort/)]);
});
