// One strategy, three worlds. It knows a connector and nothing else, so it runs unchanged
//   on a venue:      node docs/examples/one-strategy.mjs live
//   on a simulator:  node docs/examples/one-strategy.mjs sim http://127.0.0.1:PORT   (npx speed sim --venues binance)
//   on a recording:  node docs/examples/one-strategy.mjs recording ./data            (npx speed record, or npx speed demo)
import { pathToFileURL } from 'node:url';
import { OrderBook } from '@speed-protocol/book';

/** Levels per side that are weighed, and how lopsided they must be. */
const LEVELS = 5;
const THRESHOLD = 0.3;

/**
 * Says which way the book leans, whenever that changes: more than 30 % heavier on one side within the best five levels.
 * @param {import('@speed-protocol/core').Connector} connector a live one, a simulated one, or a recording
 * @returns a subscription; dispose it to stop
 */
export async function leanings(connector, symbol, onLeaning) {
  const book = new OrderBook();
  let last = 'even';
  return connector.market.subscribe('depth', symbol, (event) => {
    if (event.type === 'gap') return book.onGap(event);
    book.applyDepth(event);
    if (book.status().state !== 'live') return;
    const { bids, asks } = book.top(LEVELS);
    const [buy, sell] = [weight(bids), weight(asks)];
    const lean = (buy - sell) / (buy + sell);
    const leaning = lean > THRESHOLD ? 'up' : lean < -THRESHOLD ? 'down' : 'even';
    if (leaning === last) return;
    last = leaning;
    onLeaning({ time: event.venueTime ?? event.receivedAt, leaning, lean: Number(lean.toFixed(4)), sequence: event.sequence });
  });
}

function weight({ values, start, count }) {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[start + 2 * i + 1];
  return sum;
}

/** The worlds: each gives a connector and a promise that is kept when there is nothing more to come. */
const WORLDS = {
  async live() {
    const { default: binance } = await import('@speed-protocol/exchange-binance');
    return { connector: binance.create('binance', { config: { environment: 'live' } }), run: interrupted };
  },
  async sim(origin) {
    const { default: binance } = await import('@speed-protocol/exchange-binance');
    return { connector: binance.create('binance', { config: { environment: 'sim', origin } }), run: interrupted };
  },
  async recording(folder = './data') {
    const { default: local } = await import('@speed-protocol/persister-local');
    const { Recording, Replay } = await import('@speed-protocol/history');
    const replay = new Replay(await Recording.open(local.create(folder)));
    return { connector: replay.connector('binance'), run: () => replay.play() };
  },
};

const interrupted = () => new Promise((resolve) => process.once('SIGINT', resolve));

async function main([world = '', where]) {
  if (!(world in WORLDS)) throw new Error(`say which world: ${Object.keys(WORLDS).join(', ')}`);
  const { connector, run } = await WORLDS[world](where);
  await leanings(connector, 'BTC/USDT', (leaning) => console.log(JSON.stringify(leaning)));
  await run();
  await connector[Symbol.asyncDispose]();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2));
