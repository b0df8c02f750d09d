import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { escapes } from '../src/index.js';

afterEach(() => {
  escapes.length = 0;
});

it.each(['http://192.0.2.1/', 'https://api.binance.com/api/v3/time'])('fetch %s is blocked', async (url) => {
  await expect(fetch(url)).rejects.toThrow();
  expect(escapes).toEqual([new URL(url).hostname]);
});

it('WebSockets are blocked', async () => {
  const socket = new WebSocket('wss://stream.binance.com:9443/ws');
  const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
  expect(error.message).toBe('blocked: stream.binance.com is not on this machine');
});
