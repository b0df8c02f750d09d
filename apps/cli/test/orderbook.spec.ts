import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { firstLine, speed, start } from './harness.js';
import { Running, type ServerReady } from './live.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let folder: string;
let demo: Running;
let ready: ServerReady;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'speed-orderbook-'));
  const venues = ['--venues', 'binance,binanceusdm'];
  demo = new Running(
    start(['demo', '--port', '0', '--seed', '5', ...venues, '--no-record', '--to', `${folder}/data`, '--json'], folder),
  );
  ready = JSON.parse(await firstLine(demo.child)) as ServerReady;
});
afterAll(async () => {
  await demo.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Message {
  readonly action?: string;
  readonly persistence?: string;
  readonly id?: number;
  readonly data?: { readonly state: string };
  readonly result?: { readonly symbols: readonly { readonly venue: string; readonly symbol: string }[] };
}

async function open() {
  const socket = new WebSocket(ready.ws);
  const messages: Message[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data)) as Message));
  await once(socket, 'open');
  const next = async (accept: (message: Message) => boolean) => {
    for (;;) {
      const at = messages.findIndex(accept);
      if (at >= 0) return messages.splice(at, 1)[0]!;
      await once(socket, 'message');
    }
  };
  const send = (message: object) => socket.send(JSON.stringify(message));
  send({ user_id: 'old' });
  let id = 0;
  const recorded = async () => {
    send({ id: ++id, command: 'recordings' });
    const { result } = await next((each) => each.id === id);
    return result!.symbols.map(({ venue, symbol }) => `${venue} ${symbol}`);
  };
  return { socket, next, send, recorded };
}

it('start_orderbook records what it streams, until stop_orderbook_persistence; each client its own wish', async () => {
  const [one, two] = [await open(), await open()];
  for (const { send, next } of [one, two]) {
    send({ action: 'start_orderbook', exchange: 'binanceusdm', symbol: 'BTC/USDT' });
    expect(await next((each) => each.action === 'start_orderbook')).toMatchObject({ persistence: 'on', symbol: 'BTC/USDT:USDT' });
    await next((each) => each.action === 'orderbook' && each.data?.state === 'live');
  }
  one.send({ action: 'stop_orderbook' });
  expect(await one.next((each) => each.action === 'stop_orderbook')).toEqual({ action: 'stop_orderbook' });
  expect(await one.recorded()).toEqual(['binanceusdm BTC/USDT:USDT']);

  one.send({ action: 'stop_orderbook_persistence' });
  expect(await one.next((each) => each.action === 'stop_orderbook_persistence')).toEqual({
    status: 'stopped',
    action: 'stop_orderbook_persistence',
  });
  // The other client still wants it.
  expect(await one.recorded()).toEqual(['binanceusdm BTC/USDT:USDT']);
  two.socket.terminate();
  await expect.poll(() => one.recorded()).toEqual([]);
  one.socket.terminate();
  await demo.stop();
  const { code, stdout } = await speed(['verify', `${folder}/data`], '', folder);
  expect([code, stdout]).toEqual([0, expect.stringContaining('sound: no gap')]);
});
