import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { speed } from './harness.js';
import { type Credentials, type Running, type SimReady, startSim } from './live.js';

vi.setConfig({ testTimeout: 300_000 });

const PASSPHRASE = 'canary-passphrase-of-the-key-file';
const TOKEN = 'canary-token-0123456789abcdef';
const BAD = { apiKey: 'canary-api-key-that-the-venue-refuses', secret: 'canary-secret-that-the-venue-refuses' };

/** A further account of a simulated venue. */
async function openAccount(ready: SimReady, venue: string, name: string): Promise<Credentials> {
  const body = JSON.stringify({ venue, name });
  const response = await fetch(`${ready.control}/__sim/accounts`, { method: 'POST', body });
  return ((await response.json()) as { credentials: Credentials }).credentials;
}

/** Everything that a text may become on its way out. */
const formsOf = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('base64url'),
  Buffer.from(secret).toString('hex'),
];

function* filesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder)) {
    const file = path.join(folder, entry);
    if (statSync(file).isDirectory()) yield* filesIn(file);
    else yield file;
  }
}

/** A raw client: keeps every text that it gets. */
class Tap {
  readonly texts: string[] = [];
  #wake = () => {};
  #id = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.texts.push(String(data));
      this.#wake();
    });
    socket.on('close', (_code, reason) => this.texts.push(String(reason)));
  }

  static async open(url: string): Promise<Tap> {
    const tap = new Tap(new WebSocket(url));
    await once(tap.socket, 'open');
    return tap;
  }

  async call(command: string, params: object = {}): Promise<string> {
    const id = `n${++this.#id}`;
    this.socket.send(JSON.stringify({ id, command, params }));
    return this.until((text) => text.includes(`{"id":"${id}"`));
  }

  async until(accept: (text: string) => boolean): Promise<string> {
    for (let at = 0; ; at++) {
      while (at >= this.texts.length) await new Promise<void>((resolve) => (this.#wake = resolve));
      if (accept(this.texts[at]!)) return this.texts[at]!;
    }
  }

  async act(message: object, accept: (text: string) => boolean): Promise<string> {
    this.socket.send(JSON.stringify(message));
    return this.until(accept);
  }
}

const MARKET = { binance: 'BTC/USDT', binanceusdm: 'BTC/USDT:USDT', binancecoinm: 'BTC/USD:BTC' } as const;

/** All that a client can ask of an account, mistakes included. */
async function exercise(tap: Tap, account: string, venue: keyof typeof MARKET): Promise<void> {
  const symbol = MARKET[venue];
  const amount = venue === 'binancecoinm' ? '5' : '0.01';
  await tap.call('place', { account, symbol, side: 'buy', type: 'market', amount, ref: `r-${account}` });
  await tap.call('place', { account, symbol, side: 'buy', type: 'limit', amount, price: '1.23456789' });
  await tap.call('place', { account, symbol, side: 'buy', type: 'market', amount: '99999999' });
  await tap.call('cancel', { account, clientOrderId: 'nothing' });
  for (const command of ['orders', 'fills', 'balances', 'positions', 'cancel_all']) await tap.call(command, { account });
  await tap.call('analyze_and_place', { account, symbol, side: 'buy', quote: 1000, dryRun: true });
}

it('secrets planted everywhere are found nowhere', async () => {
  await using sim = await startSim(Object.keys(MARKET));
  const { ready } = sim;
  const fromEnv = await openAccount(ready, 'binance', 'from-env');
  const fromKeys = await openAccount(ready, 'binanceusdm', 'from-keys');
  const inline = await openAccount(ready, 'binance', 'inline');
  const literal = ready.venues['binancecoinm']!.credentials;
  const keyFile = path.join(sim.folder, 'keys.json');
  const keyEnv = { SPEED_KEYS: keyFile, SPEED_PASSPHRASE: PASSPHRASE };
  const seen: [where: string, text: string][] = [];
  const note = (where: string, ...texts: string[]) => {
    for (const text of texts) seen.push([where, text]);
  };

  const add = ['keys', 'add', 'desk', '--venue', 'binanceusdm', '--environment', 'sim'];
  const added = await speed(add, `${fromKeys.apiKey}\n${fromKeys.secret}\n`, sim.folder, keyEnv);
  const listed = await speed(['keys', 'list'], '', sim.folder, keyEnv);
  expect([added.code, listed.code]).toEqual([0, 0]);
  note('speed keys', added.stdout, added.stderr, listed.stdout, listed.stderr);

  const account = (venue: string, more: object) => ({ venue, environment: 'sim', ...more });
  const config = {
    log: { level: 'debug' },
    venues: sim.venues,
    accounts: {
      env: account('binance', { apiKey: { env: 'CANARY_KEY' }, secret: { env: 'CANARY_SECRET' } }),
      keys: account('binanceusdm', { key: 'desk' }),
      literal: account('binancecoinm', literal),
      broken: account('binance', { apiKey: { env: 'CANARY_BAD_KEY' }, secret: { env: 'CANARY_BAD_SECRET' } }),
    },
    server: {
      journalDirectory: path.join(sim.folder, 'journal'),
      users: { alice: { token: { env: 'CANARY_TOKEN' }, accounts: ['env', 'keys', 'literal', 'broken'] } },
    },
  };
  const secretsInEnv = {
    ...{ CANARY_KEY: fromEnv.apiKey, CANARY_SECRET: fromEnv.secret, CANARY_TOKEN: TOKEN },
    ...{ CANARY_BAD_KEY: BAD.apiKey, CANARY_BAD_SECRET: BAD.secret },
  };
  const env = {
    ...{ ...keyEnv, ...secretsInEnv },
    NODE_OPTIONS: `--report-on-signal --report-signal=SIGUSR2 --report-directory=${sim.folder} --report-filename=report.json`,
  };
  const server = await sim.server(config, { env });
  const headers = { Authorization: `Bearer ${TOKEN}` };

  const tap = await Tap.open(server.ready.ws);
  await tap.call('auth', { token: 'canary-but-not-the-token' });
  const alice = await Tap.open(server.ready.ws);
  await alice.call('auth', { token: TOKEN });
  for (const command of ['describe', 'status', 'accounts', 'resume']) await alice.call(command);
  await exercise(alice, 'env', 'binance');
  await exercise(alice, 'keys', 'binanceusdm');
  await exercise(alice, 'literal', 'binancecoinm');
  expect(await alice.call('balances', { account: 'broken' })).toMatch(/"ok":false/);
  for (const each of ['env', 'keys', 'literal']) expect(await alice.call('balances', { account: each })).toMatch(/"ok":true/);

  const old = await Tap.open(server.ready.ws);
  await old.act({ user_id: 'old', account_name: 'inline', token: TOKEN }, (text) => text.includes('"connected"'));
  const order = { action: 'place_market_order', exchange: 'binance', params: { symbol: 'BTC/USDT', side: 'buy', amount: 0.01 } };
  await old.act({ ...order, api_key: inline.apiKey, api_secret: inline.secret }, (text) => text.includes('"filled"'));
  const wrong = { api_key: BAD.apiKey, api_secret: BAD.secret, password: 'canary-password' };
  await old.act({ ...order, ...wrong }, (text) => text.includes('"error"'));
  await old.act({ ...order, ...wrong, exchange: 'okay' }, (text) => text.includes('okay'));
  await old.act({ action: `${inline.secret}`, api_secret: inline.secret }, (text) => text.includes('Unknown action'));
  const echoed = old.texts.findIndex((text) => text.includes('Unknown action'));
  // Whoever sends a secret as the name of an action is told that name: it is the only place.
  old.texts.splice(echoed, 1);

  for (const page of ['metrics', 'health', 'schema', 'asyncapi.json', ''])
    note(`/${page}`, await (await fetch(`${server.ready.url}${page}`, { headers })).text());
  server.child.kill('SIGUSR2');
  await expect.poll(() => [...filesIn(sim.folder)].some((file) => file.endsWith('report.json'))).toBe(true);
  await alice.call('ping');
  for (const each of [tap, alice, old]) note('wire', ...each.texts);
  await restartBroken(server, sim.folder, note);

  for (const file of filesIn(sim.folder)) {
    // The configuration holds the literal one: it was put there.
    if (!file.endsWith('speed.json')) note(file, readFileSync(file, 'latin1'));
  }
  const canaries = [fromEnv, fromKeys, inline, literal, BAD].flatMap(({ apiKey, secret }) => [apiKey, secret]);
  canaries.push(PASSPHRASE, TOKEN, 'canary-password', 'canary-but-not-the-token');
  const found = canaries.flatMap((secret) =>
    formsOf(secret).flatMap((form) => seen.flatMap(([where, text]) => (text.includes(form) ? [`${form} in ${where}`] : []))),
  );
  expect(found).toEqual([]);
  expect(seen.map(([where]) => where)).toEqual(expect.arrayContaining(['wire', 'server', '/metrics', 'speed keys']));
  expect(seen.filter(([where]) => where.includes('journal')).length).toBeGreaterThan(3);
  expect(seen.some(([where, text]) => where.endsWith('report.json') && text.includes('environmentVariables'))).toBe(true);
});

/** Ends the server, and has it refuse configurations that hold secrets. */
async function restartBroken(server: Running, folder: string, note: (where: string, ...texts: string[]) => void): Promise<void> {
  await server.stop();
  note('server', server.output);
  const wrong = [
    { accounts: { a: { venue: 'binance', environment: 'live', apiKey: BAD.apiKey, secret: BAD.secret } } },
    { accounts: { a: { venue: 'binance', config: { secret: BAD.secret } } } },
    { accounts: { a: { venue: 'binance', environment: 'sim', secrt: BAD.secret } } },
    { venues: { binance: { environment: 'sim', origin: `http://${BAD.secret}@127.0.0.1:1` } } },
  ];
  for (const [at, config] of wrong.entries()) {
    const file = path.join(folder, 'speed.json');
    writeFileSync(file, JSON.stringify(config));
    const args =
      at === 3 ? ['book', 'binance', 'BTC/USDT', '--once', '--config', file] : ['server', '--config', file, '--port', '0'];
    const { code, stdout, stderr } = await speed(['--debug', ...args], '', folder);
    expect(code).toBe(1);
    note('refusal', stdout, stderr);
  }
}
