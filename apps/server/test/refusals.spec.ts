import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, start } from './harness.js';

/** One raw HTTP exchange: what a browser or a client library would not let us send. */
async function exchange(port: number, lines: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  let text = '';
  socket.on('data', (data) => {
    text += String(data);
    // An upgrade stays open; its answer ends with the blank line.
    if (text.startsWith('HTTP/1.1 101')) socket.destroy();
  });
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return text;
}

const UPGRADE = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
];
const upgrade = (port: number, headers: readonly string[], path = '/') =>
  exchange(port, [`GET ${path} HTTP/1.1`, ...headers, ...UPGRADE]);
const statusOf = (text: string) => Number(text.split(' ')[1]);

const NAMES = [
  'evil.example',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'evil.example#127.0.0.1',
  'localhost.',
  'LOCALHOST',
  'Localhost',
  'localhost.localdomain',
  '127.0.0.1.',
  '127.0.0.1.nip.io',
  '127-0-0-1.nip.io',
  'localtest.me',
  'lvh.me',
  '1u.ms',
  '0.0.0.0',
  '0',
  '127.1',
  '127.0.1',
  '127.0.0.2',
  '127.000.000.001',
  '0177.0.0.1',
  '0x7f.0.0.1',
  '0x7f000001',
  '2130706433',
  '017700000001',
  '10.0.0.1',
  '169.254.169.254',
  '192.168.1.1',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[fe80::1]',
  '[fe80::1%25lo]',
  '::1',
  '127.0.0.1 ',
  'user@127.0.0.1',
  '127.0.0.1@evil.example',
  '127.0.0.1/evil',
  '127.0.0.1,evil.example',
  'localhost,localhost',
  '127。0。0。1',
  'xn--localhost-',
  '%31%32%37.0.0.1',
];
const PORTS = (port: number) => ['', `:${port}`, ':80', ':443', ':0', `:0${port}`, `:${port}0`];

let running: Running;
let port = 0;
beforeAll(async () => {
  running = await start();
  port = running.server.port;
});
afterAll(() => running[Symbol.asyncDispose]());

/** Everything but the two forms that are ours. */
const foreignHosts = () =>
  NAMES.flatMap((name) => PORTS(port).map((suffix) => name + suffix)).concat(
    '',
    '127.0.0.1',
    'localhost',
    `127.0.0.1:${port + 1}`,
  );

describe('Host and Origin', () => {
  it('pass when they are exactly this server', async () => {
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      expect(statusOf(await upgrade(port, [`Host: ${host}`])), host).toBe(101);
      expect(statusOf(await upgrade(port, [`Host: ${host}`, `Origin: http://${host}`])), host).toBe(101);
      expect(statusOf(await upgrade(port, [`Host: ${host}`], '/ws')), host).toBe(101);
    }
  });

  it('are refused before the upgrade in more than 200 foreign forms', async () => {
    const hosts = foreignHosts();
    expect(hosts.length).toBeGreaterThan(200);
    for (const host of hosts) {
      const text = await upgrade(port, [`Host: ${host}`]);
      expect([400, 403], `Host ${JSON.stringify(host)}: ${text.slice(0, 40)}`).toContain(statusOf(text));
    }
  });

  it('refuse every foreign origin, whatever its host', async () => {
    const own = `127.0.0.1:${port}`;
    const origins = [
      ...foreignHosts().flatMap((host) => [`http://${host}`]),
      ...['null', 'NULL', '', 'file://', 'about:blank', 'chrome-extension://abcdef', 'http://', 'http:', own, `//${own}`],
      ...[
        `https://${own}`,
        `ws://${own}`,
        `http://${own}/`,
        `http://${own}/x`,
        `http://${own}?`,
        `HTTP://${own}`,
        `http://user@${own}`,
      ],
      ...[`http://${own} http://evil.example`, `http://${own}, http://evil.example`],
    ];
    for (const origin of origins) {
      const text = await upgrade(port, [`Host: ${own}`, `Origin: ${origin}`]);
      expect([400, 403], `Origin ${JSON.stringify(origin)}: ${text.slice(0, 40)}`).toContain(statusOf(text));
    }
  });

  it.each([
    ['no Host', []],
    ['two Hosts, the right one first', ['Host: 127.0.0.1:PORT', 'Host: evil.example']],
    ['two Hosts, the right one last', ['Host: evil.example', 'Host: 127.0.0.1:PORT']],
    [
      'two Origins, the right one first',
      ['Host: 127.0.0.1:PORT', 'Origin: http://127.0.0.1:PORT', 'Origin: http://evil.example'],
    ],
    ['two Origins, the right one last', ['Host: 127.0.0.1:PORT', 'Origin: http://evil.example', 'Origin: http://127.0.0.1:PORT']],
  ])('refuse %s', async (_, headers) => {
    const text = await upgrade(
      port,
      headers.map((each) => each.replace('PORT', String(port))),
    );
    expect([400, 403]).toContain(statusOf(text));
  });

  it('say what they are compared with, and count', async () => {
    const text = await upgrade(port, ['Host: evil.example']);
    expect(text).toContain(`Host "evil.example" is not one of 127.0.0.1:${port}, localhost:${port}`);
    expect(text).toContain('server.hosts');
    expect(await running.metric('speed_server_refused_total{reason="origin"}')).toBeGreaterThan(200);
  });

  it.each(['/', '/metrics', '/health', '/schema'])('guard %s as well', async (path) => {
    const get = (headers: string[]) => exchange(port, [`GET ${path} HTTP/1.1`, ...headers, 'Connection: close']);
    expect(statusOf(await get(['Host: evil.example']))).toBe(403);
    expect(statusOf(await get([`Host: 127.0.0.1:${port}`, 'Origin: null']))).toBe(403);
    expect(statusOf(await get([`Host: 127.0.0.1:${port}`]))).toBe(200);
  });
});

it('upgrades nowhere but at / and /ws, and takes no token from a URL', async () => {
  const host = `Host: 127.0.0.1:${port}`;
  for (const path of ['/?token=x', '/ws/', '/socket', '//', '/ws?x', '/../ws']) {
    expect(statusOf(await upgrade(port, [host], path)), path).toBe(404);
  }
});

it('allows more hosts and origins where they are configured', async () => {
  await using other = await start({ hosts: ['speed.example.com'], origins: ['https://desk.example.com'] });
  const own = `127.0.0.1:${other.server.port}`;
  const rows: [headers: string[], status: number][] = [
    [['Host: speed.example.com', 'Origin: https://speed.example.com'], 101],
    [[`Host: ${own}`, 'Origin: https://desk.example.com'], 101],
    [['Host: desk.example.com'], 403],
    [['Host: speed.example.com', 'Origin: https://speed.example.com.evil.example'], 403],
  ];
  for (const [headers, status] of rows) expect(statusOf(await upgrade(other.server.port, headers)), headers.join()).toBe(status);
});
