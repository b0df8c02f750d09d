import type { OpenSocket } from './socket.js';

/** The few members used here, so that this file needs no DOM library to compile. */
interface NativeSocket {
  readonly bufferedAmount: number;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** Browsers: the native WebSocket. */
export const openSocket: OpenSocket = (url, handlers) => {
  const { WebSocket } = globalThis as unknown as { WebSocket: new (url: string) => NativeSocket };
  const socket = new WebSocket(url);
  socket.onopen = () => handlers.onOpen();
  socket.onmessage = (event) => handlers.onMessage(String(event.data));
  socket.onclose = (event) => handlers.onClose(event.code, event.reason);
  return socket;
};
