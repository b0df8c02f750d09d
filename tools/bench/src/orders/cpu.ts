import { createHmac } from 'node:crypto';
import { WebSocket } from 'ws';
import { ccxtExchange } from './ccxt.js';
import { SECRET, SYMBOL } from './contestant.js';
import { median, processorTime, timed } from './measure.js';
import { speedContestant } from './speed.js';

const ORDERS = 200;
const ROUNDS = 60;
/** Until code is compiled for good. */
const WARMUP = 60;

interface Cost {
  readonly speed: number;
  readonly ccxt: number;
  /** The signature alone. */
  readonly limit: number;
}

export interface CpuCost {
  /** Median of single orders, us: ours from the call to the signed text that would leave, all of ccxt's `createOrder`. */
  readonly build: Cost;
  /** Processor time of whole orders, us: answers, promises, timers and garbage included on both sides. */
  readonly whole: Cost;
}

/** What orders take when the network is taken away from both. */
export async function cpuCost(origin: string): Promise<CpuCost> {
  const exchange = await ccxtCost(origin);
  const own = await speedCost(origin);
  // One after the other: garbage is collected while its maker is measured.
  const speed = await perOrder(own.speed);
  const build = median(own.built.splice(0).slice(-ROUNDS * ORDERS));
  await own.done();
  const ccxt = await perOrder(exchange.round);
  const created = median(exchange.created.slice(-ROUNDS * ORDERS));
  const signed: number[] = [];
  const limit = await perOrder(() => signatureRound(signed));
  return {
    build: { speed: build, ccxt: created, limit: median(signed.slice(-ROUNDS * ORDERS)) },
    whole: { speed, ccxt, limit },
  };
}

async function perOrder(run: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < WARMUP + ROUNDS; round++) {
    const us = await processorTime(run);
    if (round >= WARMUP) times.push(us / ORDERS);
  }
  return median(times);
}

async function speedCost(origin: string) {
  const contestant = await speedContestant(origin);
  await contestant.socket();
  const stub = new StubbedSends();
  const built: number[] = [];
  return {
    built,
    speed: async () => {
      const placed: Promise<unknown>[] = [];
      for (let n = 0; n < ORDERS; n++) {
        const order = contestant.order();
        const began = process.hrtime.bigint();
        placed.push(contestant.place(order));
        built.push(Number(stub.lastAt - began) / 1000);
      }
      if (stub.waiting !== ORDERS) throw new Error('orders did not leave at once: their times would be those of others');
      stub.answer();
      await Promise.all(placed);
      contestant.newPeriod?.();
    },
    done: async () => {
      stub.end();
      await contestant[Symbol.asyncDispose]();
    },
  };
}

/** Where the id of a request begins. */
const ID_AT = '{"id":"'.length;

/** Takes the network away from sockets: what is sent is kept, and answered when told to. */
class StubbedSends {
  readonly #send = WebSocket.prototype.send;
  readonly #kept: { readonly socket: WebSocket; readonly text: unknown }[] = [];
  /** When the latest text would have left. */
  lastAt = 0n;

  constructor() {
    const keep = (socket: WebSocket, text: unknown) => {
      this.lastAt = process.hrtime.bigint();
      this.#kept.push({ socket, text });
    };
    WebSocket.prototype.send = function (this: WebSocket, text: unknown) {
      keep(this, text);
    } as WebSocket['send'];
  }

  get waiting(): number {
    return this.#kept.length;
  }

  answer(): void {
    for (const { socket, text } of this.#kept.splice(0)) {
      const id = String(text).slice(ID_AT, String(text).indexOf('"', ID_AT));
      socket.emit('message', Buffer.from(ANSWER.replace('ID', id)), false);
    }
  }

  end(): void {
    WebSocket.prototype.send = this.#send;
  }
}

const ANSWER = answerTo('ID');

function answerTo(id: string): string {
  const result = {
    orderId: 1,
    symbol: 'BTCUSDT',
    status: 'NEW',
    clientOrderId: 'x',
    price: '60000.00',
    origQty: '0.010',
    executedQty: '0.000',
  };
  const kind = {
    avgPrice: '0.00',
    cumQuote: '0',
    timeInForce: 'GTC',
    type: 'LIMIT',
    origType: 'LIMIT',
    side: 'BUY',
    positionSide: 'BOTH',
    reduceOnly: false,
  };
  return JSON.stringify({ id, status: 200, result: { ...result, ...kind, updateTime: 1 }, rateLimits: [] });
}

async function ccxtCost(origin: string) {
  const exchange = ccxtExchange(origin);
  let answer: object | null = null;
  // A fetch of the user's own, which ccxt has to be given before its first request.
  exchange.fetchImplementation = async (url: string, request: RequestInit) => answer ?? fetch(url, request);
  await exchange.loadMarkets();
  const { info } = await exchange.createOrder(SYMBOL, 'limit', 'buy', 0.01, 60_000);
  // In the place of the network: the answer is there at once, and read as ccxt reads one.
  const [body, headers] = [JSON.stringify(info), new Headers({ 'content-type': 'application/json' })];
  answer = { ok: true, status: 200, statusText: 'OK', headers, text: async () => body };
  const created: number[] = [];
  const round = async () => {
    for (let n = 0; n < ORDERS; n++) {
      created.push(await timed(() => exchange.createOrder(SYMBOL, 'limit', 'buy', 0.01, 60_000)));
    }
  };
  return { created, round };
}

const PAYLOAD = 'a'.repeat(250);

function signatureRound(times: number[]): void {
  for (let n = 0; n < ORDERS; n++) {
    const began = process.hrtime.bigint();
    createHmac('sha256', SECRET).update(PAYLOAD).digest('hex');
    times.push(Number(process.hrtime.bigint() - began) / 1000);
  }
}
