import { once } from 'node:events';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createHost } from '@speed-protocol/host';
import { afterEach, describe, expect, it } from 'vitest';
import { createServer } from '../src/index.js';
import { directory, start } from './harness.js';
import { trade } from './venue.js';

const SCRIPT = 'console.log(1);\n';
const page = () =>
  directory({
    'index.html': '<!doctype html><script type="module" src="/assets/app-Ab12Cd34.js"></script>',
    'assets/app-Ab12Cd34.js': SCRIPT,
    'assets/app-Ab12Cd34.js.map': '{}',
    'icon.svg': '<svg/>',
    '.env': 'SECRET=1',
    'notes.exe': 'x',
  });

const made: { remove(): void }[] = [];
afterEach(() => {
  for (const each of made.splice(0)) each.remove();
});
const served = async () => {
  const files = page();
  made.push(files);
  return start({ publicDirectory: files.root });
};

describe('the page', () => {
  it('is served with a policy that lets in nothing else, hashed files for ever, the rest checked', async () => {
    await using running = await served();
    const get = (path: string, headers: Record<string, string> = {}) => fetch(new URL(path, running.server.url), { headers });
    const index = await get('/');
    expect(index.status).toBe(200);
    expect(index.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = index.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${running.server.port};`);
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(index.headers.get('cache-control')).toBe('no-cache');
    expect(index.headers.get('x-content-type-options')).toBe('nosniff');
    const again = await get('/', { 'If-None-Match': index.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);

    const script = await get('/assets/app-Ab12Cd34.js?x=1');
    expect(await script.text()).toBe(SCRIPT);
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await get('/icon.svg')).headers.get('cache-control')).toBe('no-cache');
    expect((await fetch(running.server.url, { method: 'HEAD' })).headers.get('content-length')).toBe(
      index.headers.get('content-length'),
    );
  });

  it('is all that is served: no path leads out of its directory', async () => {
    await using running = await served();
    const paths = [
      ...[
        '/.env',
        '/notes.exe',
        '/assets/app-Ab12Cd34.js.map',
        '/assets',
        '/assets/',
        '/index.html/',
        '//index.html',
        '/INDEX.HTML',
      ],
      ...[
        '/../../etc/passwd',
        '/..%2f..%2fetc%2fpasswd',
        '/%2e%2e/%2e%2e/etc/passwd',
        '/assets/../../../etc/passwd',
        '/..\\..\\etc\\passwd',
      ],
      ...['/assets%2fapp-Ab12Cd34.js', '/%00', '/index.html%00.js', '/__proto__', '/constructor', '/toString', '/hasOwnProperty'],
    ];
    for (const path of paths) expect(await rawStatus(running.server.port, path), path).toBe(404);
  });

  it('says that it was not built when it was not', async () => {
    const empty = directory({});
    made.push(empty);
    await using running = await start({ publicDirectory: empty.root });
    const response = await fetch(running.server.url);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Dashboard not built');
  });
});

/** Status of a path sent exactly so; `fetch` would tidy it up. */
async function rawStatus(port: number, path: string, method = 'GET'): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
  let text = '';
  socket.on('data', (data) => {
    text += String(data);
  });
  await once(socket, 'close');
  return Number(text.split(' ')[1]);
}

describe('the other routes', () => {
  it('tell health, metrics and the protocol', async () => {
    await using running = await start();
    const get = async (path: string) => (await fetch(new URL(path, running.server.url))).json();
    expect(await get('/health')).toEqual({ status: 'ok', uptimeMs: expect.any(Number), clients: 0, channels: 0 });
    expect(await get('/schema')).toMatchObject({
      title: 'SPEED server protocol',
      $defs: { 'subscribe.params': expect.anything() },
    });
    expect(await get('/asyncapi.json')).toMatchObject({
      asyncapi: '3.0.0',
      servers: { default: { host: `127.0.0.1:${running.server.port}`, protocol: 'ws' } },
    });
    const peer = await running.peer();
    await peer.call('subscribe', { feed: 'trade', venue: 'fake', symbol: 'BTC/USDT' });
    await peer.failure('nothing');
    expect(await running.metric('speed_server_clients')).toBe(1);
    expect(await running.metric('speed_server_channels')).toBe(1);
    expect(await running.metric('speed_upstream_open{venue="fake",connection="public"}')).toBe(1);
    expect(await running.metric('speed_server_commands_total{command="subscribe",outcome="ok"}')).toBe(1);
    expect(await running.metric('speed_server_commands_total{command="(refused)",outcome="invalid-request"}')).toBe(1);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuse %s', async (method) => {
    await using running = await start();
    expect(await rawStatus(running.server.port, '/', method)).toBe(405);
  });
});

describe('starting', () => {
  it('names a port that is in use, and what to do', async () => {
    const other = createTcpServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(start({ port })).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringMatching(new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is in use.*SPEED_SERVER__PORT`)),
    });
    other.close();
  });

  it.each([
    ['0.0.0.0', {}, ['server.token', 'server.tls', 'behind-proxy']],
    ['::', { token: 'a-token-of-some-length' }, ['server.tls']],
    ['192.0.2.1', { insecure: 'behind-proxy' }, ['server.token']],
    ['speed.example.com', {}, ['server.token']],
  ] as const)('refuses to listen on %s with %o', async (host, options, parts) => {
    const error = await start({ host, ...options }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'config' });
    for (const part of parts) expect((error as Error).message).toContain(part);
    expect((error as Error).message).toContain('127.0.0.1');
  });

  it('listens on other addresses with a token behind a TLS proxy, and knows their names', async () => {
    await using running = await start({ host: '0.0.0.0', token: 'a-token-of-some-length', insecure: 'behind-proxy' });
    expect(await rawStatus(running.server.port, '/health')).toBe(200);
  });

  it.each([
    [{ prot: 1 }, 'did you mean "port"'],
    [{ token: 'short' }, 'too short'],
    [{ limits: { cleints: 1 } }, 'did you mean "clients"'],
    [{ tls: { certFile: '/nowhere/cert.pem', keyFile: '/nowhere/key.pem' } }, '/nowhere/cert.pem'],
  ])('refuses %o', async (options, message) => {
    await expect(start(options as object)).rejects.toMatchObject({ kind: 'config', message: expect.stringContaining(message) });
  });

  it('speaks TLS', async () => {
    const file = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
    await using running = await start({ tls: { certFile: file('localhost-cert.pem'), keyFile: file('localhost-key.pem') } });
    expect(running.server.webSocketUrl).toBe(`wss://127.0.0.1:${running.server.port}/`);
    const peer = await running.peer({ rejectUnauthorized: false, origin: `https://127.0.0.1:${running.server.port}` });
    await peer.call('subscribe', { feed: 'trade', venue: 'fake', symbol: 'BTC/USDT' });
    for (let id = 0; id < 500; id++) {
      running.venue.emit(trade(id));
      if (id % 50 === 0) await peer.call('ping', {});
    }
    expect((await peer.untilEvents(500)).map((each) => (each as { id?: string }).id)).toEqual(
      Array.from({ length: 500 }, (_, id) => String(id)),
    );
  });
});

describe('stopping', () => {
  it('says goodbye, gives upstreams back and frees the port', async () => {
    await using running = await start();
    const { server, venue } = running;
    const peers = await Promise.all([running.peer(), running.peer()]);
    await peers[0]!.call('subscribe', { feed: 'trade', venue: 'fake', symbol: 'BTC/USDT' });
    await peers[1]!.call('subscribe', { feed: 'book', venue: 'fake', symbol: 'BTC/USDT' });
    expect(venue.open.size).toBe(2);
    venue.emit(trade('last'));
    await Promise.all([server.close(), server.close()]);
    expect(await peers[0]!.closed).toEqual({ code: 1001, reason: 'the server stops' });
    expect(peers[0]!.events).toMatchObject([{ id: 'last' }]);
    expect(venue.open.size).toBe(0);
    await server.close();
    const next = await createServer(running.host, { port: server.port });
    await next.close();
  });

  it('does not wait for clients that do not answer', async () => {
    await using running = await start();
    const peer = await running.peer();
    peer.socket.pause();
    await running.server.close();
    await expect(fetch(running.server.url)).rejects.toThrow();
  });

  it('leaves the host alone', async () => {
    const host = await createHost({ appDirectory: import.meta.dirname, projectDirectory: null });
    const server = await createServer(host, { port: 0 });
    await server.close();
    expect(host.signal.aborted).toBe(false);
    await host[Symbol.asyncDispose]();
  });
});
