import { WebSocket } from 'ws';
import type { OpenSocket } from './socket.js';

/** Node: the `ws` package, without compression, with a limit on the size of a message. */
export const openSocket: OpenSocket = (url, handlers) => {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 64 << 20, handshakeTimeout: 10_000 });
  let cause: unknown;
  socket.on('open', () => handlers.onOpen());
  socket.on('message', (data: Buffer) => handlers.onMessage(data.toString()));
  socket.on('error', (error) => {
    cause = error;
  });
  socket.on('close', (code, reason) => handlers.onClose(code, reason.toString(), cause));
  return {
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send: (text) => socket.send(text),
    close: (code, reason) => socket.close(code, reason),
  };
};
