import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstLine, interrupt, speed, start } from './harness.js';

interface Ready {
  readonly ready: true;
  readonly url: string;
  readonly ws: string;
  readonly venues: readonly string[];
  readonly seed: number;
  readonly sim: { readonly venues: object };
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'speed-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe('speed demo', () => {
  let demo: ChildProcess;
  let ready: Ready;
  beforeAll(async () => {
    demo = start(['demo', '--port', '0', '--seed', '3', '--venues', 'binance,binancecoinm', '--no-record', '--json']);
    ready = JSON.parse(await firstLine(demo)) as Ready;
  });
  afterAll(async () => {
    if (demo.exitCode === null) await interrupt(demo);
  });

  it('serves page, health and protocol over the simulated venues', async () => {
    expect(ready).toMatchObject({ ready: true, venues: ['binance', 'binancecoinm'], seed: 3 });
    const page = await fetch(ready.url);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('<title>SPEED</title>');
    expect(await (await fetch(`${ready.url}health`)).json()).toMatchObject({ status: 'ok' });
  });

  it('names the port when it is in use', async () => {
    const port = new URL(ready.url).port;
    const { code, stderr } = await speed(['demo', '--port', port, '--venues', 'binance', '--no-record']);
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`${port}.*in use`, 's'));
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('stops cleanly at Ctrl-C, also when it comes twice at once', async () => {
    demo.kill('SIGINT');
    expect(await interrupt(demo)).toBe(0);
  });
});

describe('speed server', () => {
  it.each([
    ['unknown.yaml', 'server:\n  prot: 8765\n', /unknown\.yaml:2:3: unknown key "prot" in "server"; did you mean "port"\?/],
    ['wrong.json', '{"server": {"port": "many"}}', /wrong\.json:1:13: server\.port/],
    ['broken.yaml', 'server: {port: 1', /broken\.yaml:\d+:\d+: malformed YAML/],
  ])('says where %s is wrong', async (name, text, message) => {
    const { code, stdout, stderr } = await speed(['server', '--config', write(name, text)]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('says that the configuration file is missing', async () => {
    const { code, stderr } = await speed(['server', '--config', path.join(folder, 'nowhere.yaml')]);
    expect(code).toBe(1);
    expect(stderr).toContain('nowhere.yaml');
  });

  it('refuses to listen beyond this machine without a token', async () => {
    const { code, stderr } = await speed(['server', '--host', '0.0.0.0', '--port', '0']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/token/);
  });

  it('listens where the command line says, and logs to standard error only', async () => {
    const child = start(['server', '--config', write('good.yaml', 'server: { port: 1 }\n'), '--port', '0', '--json']);
    const ready = JSON.parse(await firstLine(child)) as Ready;
    expect(ready.venues).toContain('binanceusdm');
    expect((await fetch(`${ready.url}metrics`)).status).toBe(200);
    expect(await interrupt(child)).toBe(0);
  });
});

describe('a plugin of another API version', () => {
  it('is refused by name, with what was found, what is needed and what to do', async () => {
    const marker = { kind: 'exchange', api: 99, venues: ['tomorrow'] };
    write('package.json', JSON.stringify({ name: 'project', dependencies: { 'exchange-tomorrow': '*' } }));
    write(
      'node_modules/exchange-tomorrow/package.json',
      JSON.stringify({ name: 'exchange-tomorrow', version: '9.0.0', speed: marker }),
    );
    const { code, stderr } = await speed(['venues'], '', folder);
    expect(code).toBe(0);
    expect(stderr).toMatch(/refused: exchange-tomorrow 9\.0\.0 speaks plugin API 99, this host speaks 1: /);
    const used = await speed(['book', 'tomorrow', 'BTC/USDT'], '', folder);
    expect(used.code).toBe(2);
    expect(used.stderr).toMatch(/no.*venue "tomorrow".*exchange-tomorrow 9\.0\.0 speaks plugin API 99/is);
  });
});
