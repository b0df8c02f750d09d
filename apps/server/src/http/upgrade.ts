import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Limits } from '../config.js';
import type { User, Users } from '../trading/users.js';
import { type Gate, gateRefusal } from './gate.js';
import { bearer } from './routes.js';

export interface UpgradeContext {
  readonly gate: Gate;
  readonly limits: Limits;
  readonly users: Users;
  clientCount(): number;
  onRefused(reason: string): void;
  /** @param user who has shown a token already, or needs none */
  onClient(socket: WebSocket, stream: Duplex, user: User | undefined): void;
}

interface Refusal {
  readonly status: string;
  readonly reason: string;
  readonly text: string;
}

/** The only paths that speak WebSocket. */
const PATHS: ReadonlySet<string> = new Set(['/', '/ws']);

/** Turns requests into WebSocket clients, after everything about them has been checked. */
export function upgrader(context: UpgradeContext): (request: IncomingMessage, stream: Duplex, head: Buffer) => void {
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload: context.limits.frameBytes,
  });
  return (request, stream, head) => {
    stream.on('error', () => stream.destroy());
    const refusal = upgradeRefusal(context, request);
    if (refusal) {
      context.onRefused(refusal.reason);
      refuse(stream, refusal);
      return;
    }
    const user = context.users.anybody ?? context.users.byToken(bearer(request));
    sockets.handleUpgrade(request, stream, head, (socket) => context.onClient(socket, stream, user));
  };
}

function upgradeRefusal(context: UpgradeContext, request: IncomingMessage): Refusal | undefined {
  const text = gateRefusal(context.gate, request);
  if (text !== undefined) return { status: '403 Forbidden', reason: 'origin', text };
  if (!PATHS.has(request.url ?? '')) {
    return { status: '404 Not Found', reason: 'path', text: 'The WebSocket is at /; tokens do not belong into the URL' };
  }
  const { clients } = context.limits;
  if (context.clientCount() >= clients)
    return { status: '503 Service Unavailable', reason: 'full', text: `The server has its ${clients} clients; try later` };
  const authorization = request.headers.authorization;
  if (context.users.areNamed && authorization !== undefined && !context.users.byToken(bearer(request))) {
    return { status: '401 Unauthorized', reason: 'token', text: 'The token is wrong' };
  }
  return undefined;
}

function refuse(stream: Duplex, { status, text }: Refusal): void {
  const body = `${text}\n`;
  stream.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => stream.destroy(),
  );
}
