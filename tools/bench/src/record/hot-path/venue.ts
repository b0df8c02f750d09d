import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { drawFrames } from './frames.js';

/** The venue, in a process of its own: sends so many ms of frames as it is asked for, each at its time, and says when that was. */
const frames = drawFrames();
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
await once(server, 'listening');
process.send!({ port: (server.address() as AddressInfo).port });

const [socket] = (await once(server, 'connection')) as [WebSocket];

/** The clock that all processes of a machine share, us. */
const clock = () => Number(process.hrtime.bigint()) / 1000;

async function round(ms: number): Promise<number[]> {
  const sent: number[] = [];
  const start = performance.now() + 20;
  for (const frame of frames) {
    if (frame.due > ms) break;
    while (performance.now() < start + frame.due) await new Promise((resolve) => setTimeout(resolve, 1));
    // Written over by the next round only: nothing of this one is on the way by then.
    for (const at of frame.timesAt) frame.bytes.write(String(Date.now()), at, 'latin1');
    sent.push(clock());
    socket.send(frame.bytes, { binary: false });
  }
  return sent;
}

process.on('message', (ms: number) => void round(ms).then((sent) => process.send!(sent)));
process.on('disconnect', () => process.exit(0));
