import { generateKeyPairSync } from 'node:crypto';
import { DerivativesTradingCoinFutures } from '@binance/derivatives-trading-coin-futures';
import { DerivativesTradingUsdsFutures } from '@binance/derivatives-trading-usds-futures';
import { Spot } from '@binance/spot';
import type { RunningSimulator } from '@speed-protocol/simulator';
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

/** What the three clients have in common, as far as it is used here. */
interface Client {
  readonly restAPI: Record<string, (params?: Json) => Promise<{ data(): Promise<Json> }>>;
  readonly websocketAPI: { connect(): Promise<SocketApi> };
  readonly websocketStreams: { connect(options?: Json): Promise<Streams> };
}
type SocketApi = Record<string, (params?: Json) => Promise<{ data: Json; response: { data: Json }; stream: Stream }>>;
interface Stream {
  on(event: 'message', listener: (message: Json) => void): void;
}
interface Streams {
  userData(listenKey: string): Stream;
  disconnect(): Promise<void>;
}

const CLIENTS = { binance: Spot, binanceusdm: DerivativesTradingUsdsFutures, binancecoinm: DerivativesTradingCoinFutures };

function createClient(venue: TradedVenue, { apiKey, secret }: Keys, privateKey?: string): Client {
  const { rest, ws } = sim.ready.venues[venue]!;
  const origin = `ws://${new URL(rest['public']!).host}`;
  const login = privateKey === undefined ? { apiKey, apiSecret: secret } : { apiKey, privateKey };
  return new CLIENTS[venue]({
    configurationRestAPI: { ...login, basePath: rest['public']! },
    configurationWebsocketAPI: { ...login, wsURL: ws.trade! },
    configurationWebsocketStreams: { wsURL: origin },
  }) as unknown as Client;
}

/** The fill that an event tells of, if it does. */
function fillIn(event: Json): SeenFill[] {
  const report = (event['o'] as Json | undefined)?.['x'] === undefined ? event : (event['o'] as Json);
  if (report['x'] !== 'TRADE') return [];
  const { t, i, L, l, n } = report;
  return [{ id: String(t), orderId: String(i), price: Number(L), size: Number(l), fee: Number(n) }];
}

const statusIn = (event: Json) => (event['o'] as Json | undefined)?.['X'] ?? event['X'];

/** User-data events of an account, the way its SDK has for it. */
async function listen(venue: TradedVenue, client: Client, inbox: Inbox<Json>): Promise<() => Promise<void>> {
  if (venue === 'binance') {
    const api = await client.websocketAPI.connect();
    const { stream } = await api['userDataStreamSubscribeSignature']!();
    stream.on('message', inbox.push);
    return async () => void (await (api as unknown as Streams).disconnect());
  }
  const { listenKey } = await (await client.restAPI['startUserDataStream']!()).data();
  const streams = await client.websocketStreams.connect();
  streams.userData(listenKey as string).on('message', inbox.push);
  return () => streams.disconnect();
}

describe.each(TRADED_VENUES)('the official SDK on %s', (venue) => {
  const { symbol, size } = TRADED[venue];
  const limit = () => ({
    symbol,
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTC',
    quantity: size,
    price: restingPrice(sim, venue),
  });
  const cancel = venue === 'binance' ? 'deleteOrder' : 'cancelOrder';
  const query = venue === 'binance' ? 'getOrder' : 'queryOrder';

  it(`trades over REST and hears all of it on the user stream, seed ${SEED}`, async () => {
    const client = createClient(venue, await openAccount(sim, venue, 'rest'));
    const inbox = new Inbox<Json>();
    const close = await listen(venue, client, inbox);
    const call = async (name: string, params: Json) => (await client.restAPI[name]!(params)).data();
    await call('newOrder', { symbol, side: 'BUY', type: 'MARKET', quantity: size, newClientOrderId: 'first' });
    expect(await call('newOrder', { ...limit(), newClientOrderId: 'second' })).toMatchObject({ clientOrderId: 'second' });
    expect(await call(query, { symbol, origClientOrderId: 'second' })).toMatchObject({ status: 'NEW' });
    expect(await call(cancel, { symbol, origClientOrderId: 'second' })).toMatchObject({ status: 'CANCELED' });
    await expect(call(cancel, { symbol, origClientOrderId: 'second' })).rejects.toThrow(/Unknown order/);
    const heard = await inbox.until((events) => events.some((event) => statusIn(event) === 'CANCELED'));
    expectFills(sim, venue, 'rest', heard.flatMap(fillIn));
    expect(ledgerOrders(sim, venue, 'rest')).toEqual([
      ['first', 'filled'],
      ['second', 'canceled'],
    ]);
    await close();
  });

  it.each(['HMAC', 'Ed25519'] as const)(`trades over the order socket with an %s key, seed ${SEED}`, async (kind) => {
    const name = `socket-${kind}`;
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pem = kind === 'HMAC' ? undefined : String(publicKey.export({ type: 'spki', format: 'pem' }));
    const keys = await openAccount(sim, venue, name, pem);
    const client = createClient(venue, keys, pem && String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
    const api = await client.websocketAPI.connect();
    if (kind === 'Ed25519' && 'sessionLogon' in api) await api['sessionLogon']!();
    const [place, status, undo] =
      venue === 'binance' ? ['orderPlace', 'orderStatus', 'orderCancel'] : ['newOrder', 'queryOrder', 'cancelOrder'];
    const call = async (method: string, params: Json) => (await api[method]!(params)).data;
    await call(place!, { symbol, side: 'SELL', type: 'MARKET', quantity: size });
    const placed = await call(place!, { ...limit(), newOrderRespType: 'RESULT' });
    expect(placed).toMatchObject({ status: 'NEW' });
    const { orderId } = placed;
    expect(await call(status!, { symbol, orderId })).toMatchObject({ status: 'NEW' });
    expect(await call(undo!, { symbol, orderId })).toMatchObject({ status: 'CANCELED' });
    await expect(call(undo!, { symbol, orderId })).rejects.toMatchObject({ code: -2011 });
    expect(ledgerOrders(sim, venue, name).map(([, ended]) => ended)).toEqual(['filled', 'canceled']);
    await (api as unknown as Streams).disconnect();
  });
});
