import { generateKeyPairSync } from 'node:crypto';
import type { RunningSimulator } from '@speed-protocol/simulator';
import { CoinMClient, MainClient, USDMClient, WebsocketAPIClient, WebsocketClient, type WSAPIWsKey } from 'binance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNoEscape, SEED, simulate } from './simulation.js';
import {
  expectFills,
  Inbox,
  type Keys,
  ledgerOrders,
  openAccount,
  restingPrice,
  type SeenFill,
  TRADED,
  TRADED_VENUES,
  type TradedVenue,
} from './trading.js';

let sim: RunningSimulator;
beforeAll(async () => {
  sim = await simulate();
});
afterAll(async () => {
  await sim.close();
  expectNoEscape();
});

type Json = Record<string, unknown>;
const CLIENTS = { binance: MainClient, binanceusdm: USDMClient, binancecoinm: CoinMClient } as const;
const API_KEYS = { binance: 'mainWSAPI', binanceusdm: 'usdmWSAPI', binancecoinm: 'coinmWSAPI' } as const;

const restUrl = (venue: TradedVenue) => sim.ready.venues[venue]!.rest['public']!;
const origin = (venue: TradedVenue) => `ws://${new URL(restUrl(venue)).host}`;
const login = ({ apiKey, secret }: Keys) => ({ api_key: apiKey, api_secret: secret });

function restClient(venue: TradedVenue, keys: Keys): MainClient {
  // The three clients have the methods used here in common.
  return new CLIENTS[venue]({ ...login(keys), baseUrl: restUrl(venue) }) as unknown as MainClient;
}

/** User-data events of an account, out of their wrappers. */
async function listen(venue: TradedVenue, keys: Keys): Promise<{ inbox: Inbox<Json>; close: () => void }> {
  const inbox = new Inbox<Json>();
  const hear = (message: unknown) => {
    const frame = message as { event?: Json; data?: Json } & Json;
    inbox.push(frame.event ?? frame.data ?? frame);
  };
  const options = { ...login(keys), beautify: false, restOptions: { baseUrl: restUrl(venue) }, wsUrl: origin(venue) };
  if (venue === 'binance') {
    const api = apiClient(venue, keys);
    api.getWSClient().on('message', hear);
    await api.subscribeUserDataStream('mainWSAPI');
    return { inbox, close: () => void api.disconnectAll() };
  }
  const client = new WebsocketClient(options);
  client.on('message', hear);
  if (venue === 'binanceusdm') await client.subscribeUsdFuturesUserDataStream();
  else await client.subscribeCoinFuturesUserDataStream();
  return { inbox, close: () => client.closeAll(true) };
}

function apiClient(venue: TradedVenue, keys: Keys): WebsocketAPIClient {
  return new WebsocketAPIClient({
    ...login(keys),
    wsUrl: origin(venue),
    beautify: false,
    attachEventListeners: false,
    muteLatencyWarning: true,
  });
}

/** The fill that an event tells of, if it does. */
function fillIn(event: Json): SeenFill[] {
  const report = (event['e'] === 'ORDER_TRADE_UPDATE' ? event['o'] : event) as Json;
  if (report['x'] !== 'TRADE') return [];
  const { t, i, L, l, n } = report;
  return [{ id: String(t), orderId: String(i), price: Number(L), size: Number(l), fee: Number(n) }];
}

function ended(event: Json, clientId: string): boolean {
  const report = (event['o'] as Json | undefined)?.['c'] === undefined ? event : (event['o'] as Json);
  return [report['c'], report['C']].includes(clientId) && ['FILLED', 'CANCELED', 'EXPIRED'].includes(report['X'] as string);
}

describe.each(TRADED_VENUES)('binance (npm) on %s', (venue) => {
  const { symbol, size } = TRADED[venue];

  it(`trades over REST and hears all of it on the user stream, seed ${SEED}`, async () => {
    const keys = await openAccount(sim, venue, 'rest');
    const { inbox, close } = await listen(venue, keys);
    const client = restClient(venue, keys);
    const market = {
      symbol,
      side: 'BUY',
      type: 'MARKET',
      quantity: size,
      newClientOrderId: client.generateNewOrderId(),
    } as const;
    await client.submitNewOrder(market);
    const limit = {
      symbol,
      side: 'BUY',
      type: 'LIMIT',
      timeInForce: 'GTC',
      quantity: size,
      price: restingPrice(sim, venue),
      newClientOrderId: client.generateNewOrderId(),
    } as const;
    const placed = await client.submitNewOrder({ ...limit, newOrderRespType: 'RESULT' });
    expect(placed).toMatchObject({ status: 'NEW', clientOrderId: limit.newClientOrderId });
    await client.cancelOrder({ symbol, origClientOrderId: limit.newClientOrderId });
    const status = await client.getOrder({ symbol, origClientOrderId: market.newClientOrderId });
    expect(status).toMatchObject({ status: 'FILLED' });
    const heard = await inbox.until((events) => events.some((event) => ended(event, limit.newClientOrderId)));
    expectFills(sim, venue, 'rest', heard.flatMap(fillIn));
    expect(ledgerOrders(sim, venue, 'rest')).toEqual([
      [market.newClientOrderId, 'filled'],
      [limit.newClientOrderId, 'canceled'],
    ]);
    close();
  });

  it.each(['HMAC', 'Ed25519'] as const)(`trades over the order socket with an %s key, seed ${SEED}`, async (kind) => {
    const name = `socket-${kind}`;
    const pair = generateKeyPairSync('ed25519');
    const pem = {
      privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }),
    };
    const opened = await openAccount(sim, venue, name, kind === 'HMAC' ? undefined : String(pem.publicKey));
    const keys = kind === 'HMAC' ? opened : { apiKey: opened.apiKey, secret: String(pem.privateKey) };
    const api = apiClient(venue, keys);
    const send = (method: string, params: Json) =>
      api
        .getWSClient()
        .sendWSAPIRequest(
          API_KEYS[venue] as WSAPIWsKey as never,
          method as never,
          { ...params, timestamp: Date.now() } as never,
        ) as Promise<{ result: Json }>;
    const market = { symbol, side: 'SELL', type: 'MARKET', quantity: size, newOrderRespType: 'RESULT' };
    const filled = await send('order.place', market);
    expect(filled.result).toMatchObject({ symbol, status: 'FILLED' });
    const price = restingPrice(sim, venue);
    const placed = await send('order.place', { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: size, price });
    const { orderId } = placed.result;
    expect((await send('order.status', { symbol, orderId })).result).toMatchObject({ status: 'NEW' });
    expect((await send('order.cancel', { symbol, orderId })).result).toMatchObject({ status: 'CANCELED' });
    await expect(send('order.cancel', { symbol, orderId })).rejects.toMatchObject({ error: { code: -2011 } });
    expect(ledgerOrders(sim, venue, name).map(([, status]) => status)).toEqual(['filled', 'canceled']);
    await api.disconnectAll();
  });
});
