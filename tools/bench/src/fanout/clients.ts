import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

// The clients, in a process of their own so that the server's CPU can be told apart. They are raw sockets that only count: a
// thousand WebSocket clients that parse would be the bottleneck of a machine with two cores.

/** From the server's process. */
export type Order =
  | { readonly order: 'connect'; readonly group: string; readonly port: number; readonly count: number; readonly send?: string }
  | { readonly order: 'await'; readonly group: string; readonly bytes: number }
  | { readonly order: 'digest'; readonly group: string };
/** Answers `connect`, `await` and `digest`, one each. */
export type Report = { readonly report: 'done' } | { readonly report: 'digest'; readonly sha256: string };

interface Group {
  /** Bytes after the handshakes, over all sockets. */
  bytes: number;
  /** Of the first socket, to see that the contestants send the same. */
  first: Buffer[];
  expected: number;
}

const groups = new Map<string, Group>();
const report = (message: Report) => process.send?.(message);

const HANDSHAKE = (port: number) =>
  `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';

/** A short masked text frame; the mask is zero, which is a valid one. */
function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
  return Buffer.concat([header, payload]);
}

async function open(group: Group, port: number, isFirst: boolean, send: string | undefined): Promise<void> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.write(HANDSHAKE(port));
  const [head] = (await once(socket, 'data')) as [Buffer];
  const end = head.indexOf('\r\n\r\n');
  if (!head.toString('latin1').startsWith('HTTP/1.1 101') || end < 0) throw new Error(`handshake: ${head.toString('latin1')}`);
  const take = (data: Buffer) => {
    group.bytes += data.length;
    if (isFirst) group.first.push(data);
    if (group.bytes >= group.expected) settle(group);
  };
  socket.on('data', take);
  if (head.length > end + 4) take(head.subarray(end + 4));
  if (send !== undefined) socket.write(clientFrame(send));
}

function settle(group: Group): void {
  group.expected = Number.POSITIVE_INFINITY;
  report({ report: 'done' });
}

async function obey(message: Order): Promise<void> {
  const group = groups.get(message.group) ?? { bytes: 0, first: [], expected: Number.POSITIVE_INFINITY };
  groups.set(message.group, group);
  if (message.order === 'connect') {
    for (let i = 0; i < message.count; i++) await open(group, message.port, i === 0, message.send);
    report({ report: 'done' });
  } else if (message.order === 'await') {
    group.expected = message.bytes;
    if (group.bytes >= group.expected) settle(group);
  } else {
    const sha256 = createHash('sha256')
      .update(Buffer.concat(group.first.splice(0)))
      .digest('hex');
    report({ report: 'digest', sha256 });
  }
}

process.on('message', (message) => void obey(message as Order));
process.on('disconnect', () => process.exit(0));
