import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type RunningSimulator, startSimulator } from '../src/index.js';
import { SEED } from './engine-model.js';
import { testVenue } from './market.js';
import { plain } from './plain-dialect.js';

const json = async (url: string, init?: RequestInit) => (await fetch(url, init)).json() as Promise<Record<string, unknown>>;

describe('startSimulator', () => {
  it.each([
    [{ venues: ['plainn'] }, /no dialect simulates "plainn"; did you mean "plain"/],
    [{ symbols: ['BTC/USTD:USDT'] }, /no simulated venue lists "BTC\/USTD:USDT"; did you mean "BTC\/USDT:USDT"/],
    [{ faults: [{ kind: 'cuut' as never }] }, /"cuut" is unknown; did you mean "cut"/],
    [{ venues: ['nowhere'] }, /no dialect simulates "nowhere"; there is plain, other/],
  ])('%j is refused', (options, reason) => expect(startSimulator({ dialects: [plain], ...options })).rejects.toThrow(reason));

  it('names the port that is in use', async () => {
    const squatter = createServer();
    // Below the ports that systems hand out by themselves: the ports behind it are needed too.
    const port = 20_000 + 3 * (process.pid % 3000);
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
    await expect(startSimulator({ dialects: [plain], port })).rejects.toThrow(`port ${port} for plain is in use`);
    squatter.close();
    // Nothing of the failed start is left behind.
    await using sim = await startSimulator({ dialects: [plain], port });
    expect(sim.ready.venues['plain']!.rest).toEqual({ public: `http://127.0.0.1:${port}` });
  });

  it('says where everything is, answers on the control port, and closes twice like once', async () => {
    const sim = await startSimulator({ dialects: [plain], seed: SEED, clock: 'virtual' });
    expect(sim.ready).toMatchObject({ ready: true, seed: SEED, venues: { plain: { symbols: ['BTC/USDT:USDT'] }, other: {} } });
    expect(await json(`${sim.controlUrl}/__sim/ready`)).toEqual(sim.ready);
    const told = await fetch(sim.ready.venues['plain']!.rest['public']!);
    expect(Date.parse(told.headers.get('date')!)).toBe(Math.floor(sim.clock.now() / 1000) * 1000);
    const before = sim.oracle.book('plain', 'BTC/USDT:USDT');
    expect(await json(`${sim.controlUrl}/__sim/clock?advanceMs=5000`, { method: 'POST' })).toMatchObject({ virtual: true });
    const after = await json(`${sim.controlUrl}/__sim/book?venue=plain&symbol=BTCUSDT`);
    expect(after['sequence']).toBeGreaterThan(before.sequence);
    expect(await json(`${sim.controlUrl}/__sim/book?venue=plain&symbol=BTCUSDT&sequence=${before.sequence}`)).toEqual(before);
    expect(await json(`${sim.controlUrl}/__sim/ledger?venue=plain`)).toMatchObject({ markets: [{ symbol: 'BTC/USDT:USDT' }] });
    await Promise.all([sim.close(), sim.close()]);
    await sim[Symbol.asyncDispose]();
    await expect(fetch(sim.ready.venues['plain']!.rest['public']!)).rejects.toThrow();
  });

  it.each([
    ['book?symbol=BTCUSDT', 400, /say which venue: \?venue=plain\|other/],
    ['book?venue=plain&symbol=BTCUSTD', 404, /plain lists no "BTCUSTD"; did you mean "BTCUSDT"/],
    ['book?venue=plain&symbol=BTCUSDT&sequence=1', 404, /no longer kept/],
    ['book?venue=plain&symbol=BTCUSDT&sequence=x', 400, /whole number/],
    ['nothing', 404, /there is .*GET \/__sim\/book/],
  ])('control: %s is %s', async (path, status, reason) => {
    await using sim = await startSimulator({ dialects: [plain], clock: 'virtual' });
    const answer = await fetch(`${sim.controlUrl}/__sim/${path}`);
    expect([answer.status, await answer.json()]).toMatchObject([status, { error: { message: expect.stringMatching(reason) } }]);
  });

  it('runs in real time without being asked', async () => {
    await using sim = await startSimulator({ dialects: [plain], venues: ['plain'] });
    const first = sim.oracle.book('plain', 'BTCUSDT').sequence;
    await new Promise<void>((resolve) => sim.oracle.market('plain', 'BTCUSDT').listen({ onBook: () => resolve() }));
    expect(sim.oracle.book('plain', 'BTCUSDT').sequence).toBeGreaterThan(first);
    await expect(json(`${sim.controlUrl}/__sim/clock?advanceMs=1`, { method: 'POST' })).resolves.toMatchObject({ error: {} });
  });
});

describe('determinism', () => {
  const hashOfRun = (seed: number, pace: number): string => {
    const venue = testVenue({}, { seed });
    const hash = createHash('sha256');
    const market = venue.market('BTCUSDT')!;
    market.listen({
      onTrade: (_, trade) => hash.update(JSON.stringify(trade)),
      onQuote: ({ book, pricing, funding }) => hash.update(`${book.lastId} ${pricing.mark(venue.clock.now())} ${funding!.rate}`),
      onAggregate: (_, aggregate) => hash.update(JSON.stringify(aggregate)),
      onLiquidation: (_, liquidation) => hash.update(JSON.stringify(liquidation)),
    });
    for (let ms = 0; ms < 120_000; ms += pace) venue.clock.advance(pace);
    const now = venue.clock.now();
    const stats = market.candles.statistics(1440, now)!;
    return hash
      .update(JSON.stringify({ ...stats, turnover: String(stats.turnover), book: market.book.at(market.book.lastId) }))
      .digest('hex');
  };

  it('the same seed gives the same events, whatever the steps of the clock', () => {
    const once = hashOfRun(SEED, 10);
    expect(hashOfRun(SEED, 10)).toBe(once);
    expect(hashOfRun(SEED, 1000)).toBe(once);
    expect(hashOfRun(SEED + 1, 10)).not.toBe(once);
  });

  it('venues draw from the seed alone: one more venue changes nothing', async () => {
    const bookOf = (sim: RunningSimulator) => {
      sim.clock.advance(5000);
      return sim.oracle.book('plain', 'BTCUSDT');
    };
    await using alone = await startSimulator({ dialects: [plain], venues: ['plain'], seed: SEED, clock: 'virtual' });
    await using both = await startSimulator({ dialects: [plain], seed: SEED, clock: 'virtual' });
    expect(bookOf(alone)).toEqual(bookOf(both));
  });
});

describe('bad input', () => {
  const raw = (port: number, text: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.end(text));
      let answer = '';
      socket.on('data', (data) => {
        answer += String(data);
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(answer));
    });

  it.each([
    'GET // HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    'GET http://[ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    'GET /%E0%A4%A HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    'GET // HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab',
    'nonsense\r\n\r\n',
    '\0\0\0',
  ])('%j leaves the venue and the control port standing', async (text) => {
    await using sim = await startSimulator({ dialects: [plain], venues: ['plain'], clock: 'virtual' });
    const venue = sim.ready.venues['plain']!.rest['public']!;
    for (const url of [venue, sim.controlUrl]) await raw(Number(new URL(url).port), text);
    expect((await fetch(`${venue}/time`)).status).toBe(200);
    expect((await fetch(`${sim.controlUrl}/__sim/ready`)).status).toBe(200);
  });
});
