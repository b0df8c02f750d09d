import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { openSocket as openBrowserSocket } from './socket.browser.js';
import type { ClientSocket, OpenSocket } from './socket.js';
import { openSocket as openNodeSocket } from './socket.node.js';

let server: WebSocketServer;
let url = '';
beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => {
    socket.on('message', (data) => (String(data) === 'bye' ? socket.close(4008, 'too slow') : socket.send(`you said ${data}`)));
  });
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

/** The browser's socket runs on the global that browsers have; `ws` offers the same members. */
const inBrowser: OpenSocket = (...args) => {
  (globalThis as { WebSocket?: unknown }).WebSocket = WebSocket;
  return openBrowserSocket(...args);
};

it.each([
  ['Node', openNodeSocket],
  ['a browser', inBrowser],
])('in %s: opens, talks, and says once how it ended', async (_, openSocket) => {
  const seen: unknown[] = [];
  const socket = await new Promise<ClientSocket>((opened) => {
    const made = openSocket(url, {
      onOpen: () => opened(made),
      onMessage(text) {
        seen.push(text);
        made.send('bye');
      },
      onClose(code, reason) {
        seen.push([code, reason]);
        server.emit('seen');
      },
    });
  });
  const closed = once(server, 'seen');
  socket.send('hello');
  await closed;
  expect(socket.bufferedAmount).toBe(0);
  expect(seen).toEqual(['you said hello', [4008, 'too slow']]);
});

it('in Node: says why it never opened', async () => {
  const [code, cause] = await new Promise<[number, unknown]>((resolve) => {
    openNodeSocket('ws://127.0.0.1:1', { onOpen() {}, onMessage() {}, onClose: (...args) => resolve([args[0], args[2]]) });
  });
  expect(code).toBe(1006);
  expect(String(cause)).toContain('ECONNREFUSED');
});
