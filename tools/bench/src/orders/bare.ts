import { once } from 'node:events';
import { Pool } from 'undici';
import { WebSocket } from 'ws';
import { API_KEY, type Contestant } from './contestant.js';

const SIGNED = `symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.010&timeInForce=GTC&price=60000.00&newOrderRespType=RESULT&recvWindow=5000&timestamp=1767225600000&signature=${'a'.repeat(64)}`;
const PARAMS = JSON.stringify({ apiKey: API_KEY, ...Object.fromEntries(new URLSearchParams(SIGNED)) }).slice(1, -1);

/**
 * As little as can be done: a text of the same size over a bare socket, a request over a bare pool with as many connections;
 * nothing is built, signed, decoded or counted.
 */
export async function bareContestant(origin: string, connections: number): Promise<Contestant> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws-fapi/v1`, { perMessageDeflate: false });
  await once(socket, 'open');
  const pool = new Pool(origin, { connections });
  const waiting = new Map<string, () => void>();
  socket.on('message', (data: Buffer) => {
    const id = data.toString('latin1', 7, data.indexOf(0x22, 7));
    waiting.get(id)?.();
    waiting.delete(id);
  });
  let next = 0;
  return {
    name: 'bare',
    socket: () =>
      new Promise<void>((resolve) => {
        const id = String(++next);
        waiting.set(id, resolve);
        socket.send(`{"id":"${id}","method":"order.place","params":{"newClientOrderId":"x-0123456789abcdefghi${id}",${PARAMS}}}`);
      }),
    rest: async () => {
      const path = `/fapi/v1/order?newClientOrderId=x-0123456789abcdefghi${++next}&${SIGNED}`;
      const { body } = await pool.request({ method: 'POST', path, headers: { 'X-MBX-APIKEY': API_KEY } });
      await body.text();
    },
    [Symbol.asyncDispose]: async () => {
      socket.terminate();
      await pool.close();
    },
  };
}
