import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BadProxy extends AsyncDisposable {
  readonly endpoint: string;
  /** How often each kind of trouble was made. */
  readonly made: Readonly<Record<Trouble, number>>;
  /** Makes trouble with this probability from now on. */
  share: number;
}

type Trouble = 'error-before' | 'error-after' | 'cut-before' | 'cut-after' | 'slow';
const TROUBLES: readonly Trouble[] = ['error-before', 'error-after', 'cut-before', 'cut-after', 'slow'];

/**
 * Stands between a client and a real HTTP server and makes trouble at random: answers 500 or cuts the connection, before
 * the server has seen the request or after it has acted on it, or answers late. The Host header passes as it came, so that
 * signatures hold.
 */
export async function startBadProxy(target: string, random: () => number): Promise<BadProxy> {
  const made: Record<Trouble, number> = { 'error-before': 0, 'error-after': 0, 'cut-before': 0, 'cut-after': 0, slow: 0 };
  const { hostname, port } = new URL(target);
  const proxy = { share: 0 };
  const server = createServer((incoming, outgoing) => {
    const trouble = random() < proxy.share ? TROUBLES[Math.floor(random() * TROUBLES.length)]! : undefined;
    if (trouble !== undefined) made[trouble]++;
    pass({ hostname, port }, incoming, outgoing, trouble);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(proxy, {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    made,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function pass(
  to: { hostname: string; port: string },
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  trouble: Trouble | undefined,
): void {
  if (trouble === 'cut-before') return void incoming.socket.destroy();
  if (trouble === 'error-before') {
    incoming.resume();
    incoming.on('end', () => outgoing.writeHead(500).end());
    return;
  }
  const forward = request({ ...to, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
    if (trouble === 'cut-after') return void incoming.socket.destroy();
    if (trouble === 'error-after') {
      answer.resume();
      outgoing.writeHead(500).end();
      return;
    }
    const send = () => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    };
    if (trouble === 'slow') setTimeout(send, 400);
    else send();
  });
  forward.on('error', () => incoming.socket.destroy());
  incoming.pipe(forward);
}
