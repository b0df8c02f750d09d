import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const [TEXT, CLOSE, PING, PONG] = [1, 8, 9, 10] as const;
const FINAL = 0x80;

/**
 * The least that a WebSocket server can be: short unfragmented texts in, an answer to each out, and the answers to all that
 * came together in one write. A venue that answers faster than anybody asks leaves the difference to those who ask.
 */
export function answerSocket(request: IncomingMessage, socket: Duplex, answer: (text: string) => string): void {
  const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`).digest('base64');
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${key}`];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  let rest: Buffer = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const { answers, read, closed } = answerAll(bytes, answer);
    rest = bytes.subarray(read);
    if (answers.length > 0) socket.write(Buffer.concat(answers));
    if (closed) socket.end();
  });
}

/** Answers every frame that is complete. */
function answerAll(bytes: Buffer, answer: (text: string) => string) {
  const answers: Buffer[] = [];
  let read = 0;
  for (let frame = frameAt(bytes, read); frame; frame = frameAt(bytes, read)) {
    read = frame.end;
    if (frame.kind === TEXT) answers.push(frameOf(TEXT, Buffer.from(answer(frame.payload.toString('latin1')))));
    if (frame.kind === PING) answers.push(frameOf(PONG, frame.payload));
    if (frame.kind === CLOSE) return { answers: [...answers, frameOf(CLOSE, frame.payload)], read, closed: true };
  }
  return { answers, read, closed: false };
}

/** The frame that begins there, unmasked; `undefined` when it is not complete. */
function frameAt(bytes: Buffer, start: number) {
  if (bytes.length < start + 6) return undefined;
  const short = bytes[start + 1]! & 0x7f;
  const at = start + (short === 126 ? 4 : 2);
  const length = short === 126 ? bytes.readUInt16BE(start + 2) : short;
  const end = at + 4 + length;
  if (bytes.length < end) return undefined;
  const payload = bytes.subarray(at + 4, end);
  for (let i = 0; i < length; i++) payload[i]! ^= bytes[at + (i & 3)]!;
  return { kind: bytes[start]! & 0x0f, payload, end };
}

function frameOf(kind: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = length < 126 ? [FINAL | kind, length] : [FINAL | kind, 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), payload]);
}
