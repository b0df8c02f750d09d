import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import binance from '@speed-protocol/exchange-binance/sim';
import { startSimulator } from '@speed-protocol/simulator';
import { answerSocket } from './answering-socket.js';

/**
 * A venue in a process of its own that takes every order at once and checks nothing: what the contestants differ in is all
 * their own. Reference data come from a simulator, each asked for once.
 */
const sim = await startSimulator({ dialects: [binance], venues: ['binanceusdm'], symbols: 1, flow: { eventsPerSecond: 0.01 } });
const origin = Object.values(sim.ready.venues['binanceusdm']!.rest)[0]!;
const known = new Map<string, string>();
let orders = 10_000_000_000;

const TERMS = JSON.stringify({
  ...{ price: '60000.00', avgPrice: '0.00', origQty: '0.010', executedQty: '0.000' },
  ...{ cumQty: '0.000', cumQuote: '0.00000', timeInForce: 'GTC', type: 'LIMIT', reduceOnly: false, closePosition: false },
  ...{ side: 'BUY', positionSide: 'BOTH', stopPrice: '0.00', workingType: 'CONTRACT_PRICE', priceProtect: false },
  ...{ origType: 'LIMIT', priceMatch: 'NONE', selfTradePreventionMode: 'NONE', goodTillDate: 0, updateTime: Date.now() },
}).slice(1);

/** Written by hand: in a burst the venue must not be what everybody waits for. */
function accepted(request: string): string {
  const clientOrderId = /newClientOrderId"?[=:]"?([^"&]+)/.exec(request)?.[1] ?? '';
  return `{"orderId":${++orders},"symbol":"BTCUSDT","status":"NEW","clientOrderId":"${clientOrderId}",${TERMS}`;
}

function json(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function reference(path: string): Promise<string> {
  const name = path.split('?')[0]!;
  if (name.endsWith('/time')) return JSON.stringify({ serverTime: Date.now() });
  const body = known.get(name) ?? (await (await fetch(`${origin}${path}`)).text());
  known.set(name, body);
  return body;
}

const server = createServer(async (request, response) => {
  const path = request.url ?? '/';
  if (request.method !== 'POST') return json(response, await reference(path));
  json(response, accepted(`${path}&${await textOf(request)}`));
});

function reply(text: string): string {
  const id = /"id":("[^"]*"|\d+)/.exec(text)?.[1] ?? 'null';
  const result = text.includes('"order.place"') ? accepted(text) : '{}';
  return `{"id":${id},"status":200,"result":${result},"rateLimits":[]}`;
}

// Longer than any contestant rests between two cases: none is to find its connections gone.
server.keepAliveTimeout = 60_000;
server.on('upgrade', (request, socket) => answerSocket(request, socket, reply));

server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
