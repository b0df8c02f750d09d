import type { AddressInfo } from 'node:net';
import { silentLogger } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { CallSocket, type CallSocketSpec } from '../src/index.js';
import { VirtualClock } from './support/virtual-clock.js';

interface Asked {
  readonly id: string;
  readonly text: string;
  readonly socket: WebSocket;
}

let server: WebSocketServer;
let asked: Asked[];
let onAsk: (one: Asked) => void;
let clock: VirtualClock;
const open: AsyncDisposable[] = [];

beforeEach(async () => {
  asked = [];
  onAsk = ({ id, socket }) => socket.send(JSON.stringify({ id, said: 'yes' }));
  clock = new VirtualClock();
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      const one = { id: (JSON.parse(String(data)) as { id: string }).id, text: String(data), socket };
      asked.push(one);
      onAsk(one);
    });
  });
});
afterEach(async () => {
  for (const client of server.clients) client.terminate();
  server.close();
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
});

function socketOf(more: Partial<CallSocketSpec> = {}): CallSocket {
  const socket = new CallSocket({
    venue: 'testvenue',
    name: 'testvenue.orders',
    url: () => `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heartbeat: { everyMs: 60_000, timeoutMs: 60_000, when: 'idle' },
    messagesPerSecond: Number.POSITIVE_INFINITY,
    timeoutMs: 1_000,
    clock,
    logger: silentLogger,
    random: () => 0.5,
    idOf: (message) => (message as { id?: string }).id,
    ...more,
  });
  open.push(socket);
  return socket;
}

const write = (id: string) => JSON.stringify({ id });
const until = async (done: () => boolean): Promise<void> => {
  while (!done()) await clock.advance(50);
};

describe('a call over a socket', () => {
  it('before the socket is up is refused unsent', async () => {
    await expect(socketOf().call(write)).rejects.toMatchObject({ kind: 'connection', outcomeKnown: true });
    expect(asked).toEqual([]);
  });

  it('each has its own deadline, and a late answer is an event', async () => {
    const events: unknown[] = [];
    const socket = socketOf({ event: (message) => events.push(message) });
    await socket.open();
    onAsk = () => undefined;
    const ends: string[] = [];
    for (const timeoutMs of [3_000, 500, 1_500]) {
      socket.call(write, { timeoutMs }).catch((error: { kind: string; outcomeKnown: boolean }) => {
        ends.push(`${timeoutMs} ${error.kind} ${error.outcomeKnown}`);
      });
    }
    await until(() => asked.length === 3);
    await clock.advance(500);
    expect(ends).toEqual(['500 timeout false']);
    await clock.advance(3_000);
    expect(ends).toEqual(['500 timeout false', '1500 timeout false', '3000 timeout false']);
    asked[0]!.socket.send(JSON.stringify({ id: asked[0]!.id, said: 'late' }));
    await until(() => events.length === 1);
    expect(events).toEqual([{ id: '1', said: 'late' }]);
  });

  it('is of unknown outcome after a cut, all that were under way, and the socket comes back', async () => {
    const states: string[] = [];
    const socket = socketOf({ up: () => states.push('up'), down: () => states.push('down') });
    await socket.open();
    onAsk = ({ socket: peer }) => peer.terminate();
    const ends = await Promise.allSettled([socket.call(write), socket.call(write)]);
    expect(ends).toMatchObject([
      { status: 'rejected', reason: { kind: 'connection', outcomeKnown: false } },
      { status: 'rejected', reason: { kind: 'connection', outcomeKnown: false } },
    ]);
    onAsk = ({ id, socket: peer }) => peer.send(JSON.stringify({ id }));
    await until(() => socket.isUp);
    expect(states).toEqual(['up', 'down', 'up']);
    await expect(socket.call(write)).resolves.toMatchObject({ message: { id: '3' } });
  });

  it('aborted before it is sent is proven unsent, afterwards it is not', async () => {
    const socket = socketOf();
    await socket.open();
    await expect(socket.call(write, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'aborted',
      outcomeKnown: true,
    });
    const stop = new AbortController();
    onAsk = () => stop.abort();
    await expect(socket.call(write, { signal: stop.signal })).rejects.toMatchObject({ kind: 'aborted', outcomeKnown: false });
  });

  it('waits until a new connection has been greeted; a greeting that fails is tried again', async () => {
    let tries = 0;
    const socket = socketOf({
      greet: async (ask) => {
        await ask((id) => JSON.stringify({ id, logon: ++tries }));
        if (tries === 1) throw new Error('not yet');
      },
    });
    await expect(socket.open()).rejects.toThrow('not yet');
    expect(socket.isUp).toBe(false);
    await until(() => socket.isUp);
    expect(tries).toBe(2);
    expect(server.clients.size).toBe(1);
  });

  it('is answered on the old connection while a new one takes over', async () => {
    const socket = socketOf({ maxAgeMs: 10_000, overlapMs: 5_000, timeoutMs: 60_000 });
    await socket.open();
    onAsk = () => undefined;
    const old = socket.call(write);
    await until(() => asked.length === 1);
    await clock.advance(10_000);
    await until(() => server.clients.size === 2);
    onAsk = ({ id, socket: peer }) => peer.send(JSON.stringify({ id, said: 'new' }));
    await until(() => socket.isUp);
    asked[0]!.socket.send(JSON.stringify({ id: asked[0]!.id, said: 'old' }));
    await expect(old).resolves.toMatchObject({ message: { said: 'old' } });
    await until(() => server.clients.size === 1);
    await expect(socket.call(write)).resolves.toMatchObject({ message: { said: 'new' } });
    expect(asked[1]!.socket).not.toBe(asked[0]!.socket);
  });

  it('says at once what the venue must hear', async () => {
    const isQuestion = (message: unknown) => (message as { ask?: string }).ask !== undefined;
    const socket = socketOf({ answerTo: (message) => (isQuestion(message) ? write('here') : undefined) });
    await socket.open();
    await socket.call(write);
    asked[0]!.socket.send('{"ask":"there?"}');
    await until(() => asked.length === 2);
    expect(asked[1]!.id).toBe('here');
  });

  it('has no end but an error once it is closed', async () => {
    const socket = socketOf();
    await socket.open();
    onAsk = () => undefined;
    const under = socket.call(write).catch((error: unknown) => error);
    await until(() => asked.length === 1);
    await Promise.all([socket.close(), until(() => server.clients.size === 0)]);
    expect(await under).toMatchObject({ kind: 'connection', outcomeKnown: false });
    await expect(socket.open()).rejects.toMatchObject({ kind: 'aborted', outcomeKnown: true });
    expect(socket.status()?.state).toBe('closed');
  });
});
