// A live book. Against the venue: `node docs/examples/live-book.mjs`. Without network: run `npx speed sim --venues
// binanceusdm` and pass the origin that it prints.
import { watchBook } from '@speed-protocol/book';
import binance from '@speed-protocol/exchange-binance';

const origin = process.argv[2];
const exchange = binance.create('binanceusdm', { config: origin ? { environment: 'sim', origin } : { environment: 'live' } });
let updates = 0;
let book;
book = await watchBook(exchange, 'BTC/USDT:USDT', ({ bestBid, bestAsk }) => {
  console.log(book?.status().state ?? 'syncing', bestBid, bestAsk);
  if (++updates === 20) void exchange[Symbol.asyncDispose]();
});
