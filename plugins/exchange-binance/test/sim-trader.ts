import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { RunningSimulator } from '@speed-protocol/simulator';
import { StreamClient } from './stream-client.js';

type Json = Record<string, unknown>;
export type Params = Readonly<Record<string, string | number | boolean>>;

/** What the products call things, and orders that are legal there: one that rests, one size that fills. */
export const TRADED = {
  binance: { prefix: '/api/v3', socket: '/ws-api/v3', symbol: 'BTCUSDT', size: '0.02000', resting: '60000.00' },
  binanceusdm: { prefix: '/fapi/v1', socket: '/ws-fapi/v1', symbol: 'BTCUSDT', size: '0.020', resting: '88000.00' },
  binancecoinm: { prefix: '/dapi/v1', socket: '/ws-dapi/v1', symbol: 'BTCUSD_PERP', size: '20', resting: '88000.0' },
} as const;
export type TradedVenue = keyof typeof TRADED;
export const TRADED_VENUES = Object.keys(TRADED) as TradedVenue[];

/** A plain client of one account at one venue: signs as the documents say. */
export class SimTrader {
  readonly sim: RunningSimulator;
  readonly venue: TradedVenue;
  readonly credentials: { readonly apiKey: string; readonly secret: string };
  readonly clients: StreamClient[] = [];

  constructor(sim: RunningSimulator, venue: TradedVenue, credentials = sim.ready.venues[venue]!.credentials!) {
    this.sim = sim;
    this.venue = venue;
    this.credentials = credentials;
  }

  get origin(): string {
    return new URL(this.sim.ready.venues[this.venue]!.rest['public']!).host;
  }

  sign(text: string): string {
    return createHmac('sha256', this.credentials.secret).update(text).digest('hex');
  }

  /** A signed request; the path is below the product's prefix. */
  async ask(method: string, path: string, params: Params = {}): Promise<{ readonly status: number; readonly body: Json }> {
    const timestamp = params['timestamp'] ?? Math.floor(this.sim.clock.now());
    const fields = Object.entries({ ...params, timestamp }).map(([name, value]) => [name, String(value)]);
    const text = new URLSearchParams(fields as [string, string][]).toString();
    return this.#fetch(method, `${TRADED[this.venue].prefix}${path}?${text}&signature=${this.sign(text)}`);
  }

  /** A request that needs a key only. */
  async askByKey(method: string, path: string): Promise<{ readonly status: number; readonly body: Json }> {
    return this.#fetch(method, TRADED[this.venue].prefix + path);
  }

  async listenKey(): Promise<string> {
    return (await this.askByKey('POST', '/listenKey')).body['listenKey'] as string;
  }

  async open(path: string): Promise<StreamClient> {
    const client = await StreamClient.open(`ws://${this.origin}${path}`);
    this.clients.push(client);
    return client;
  }

  /** The order socket of the venue. */
  async openSocketApi(query = ''): Promise<StreamClient> {
    return this.open(TRADED[this.venue].socket + query);
  }

  /** Parameters of an order socket's request, signed: sorted by name, joined as they are. */
  signedParams(params: Params): Params {
    const all: Params = { ...params, apiKey: this.credentials.apiKey, timestamp: Math.floor(this.sim.clock.now()) };
    const text = Object.keys(all)
      .sort()
      .map((name) => `${name}=${all[name]}`)
      .join('&');
    return { ...all, signature: this.sign(text) };
  }

  /** Gives the account an Ed25519 key, and logs a connection in with it. @returns the answer */
  async logOn(client: StreamClient): Promise<Json> {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const body = { venue: this.venue, name: 'default', publicKey: publicKey.export({ type: 'spki', format: 'pem' }) };
    await fetch(`${this.sim.controlUrl}/__sim/accounts`, { method: 'POST', body: JSON.stringify(body) });
    const { apiKey } = this.credentials;
    const timestamp = Math.floor(this.sim.clock.now());
    const signature = sign(null, Buffer.from(`apiKey=${apiKey}&timestamp=${timestamp}`), privateKey).toString('base64');
    return client.request('session.logon', { apiKey, timestamp, signature });
  }

  async #fetch(method: string, pathAndQuery: string) {
    const headers = { 'x-mbx-apikey': this.credentials.apiKey };
    const response = await fetch(`http://${this.origin}${pathAndQuery}`, { method, headers });
    return { status: response.status, body: (await response.json()) as Json };
  }

  close(): void {
    for (const client of this.clients.splice(0)) client.close();
  }
}
