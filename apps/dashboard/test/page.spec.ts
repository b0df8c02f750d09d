import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launch, NEEDS, open, screenshot } from './support/chromium.js';
import { System } from './support/speed.js';

const SEED = Number(process.env['SPEED_SEED'] ?? 5);
const VENUES = ['binance', 'binanceusdm', 'binancecoinm'];
/** Enough for a loaded machine to start three processes. */
const SLOW = 100_000;

const card = (venue: string) => `[data-testid=market-card][data-venue=${venue}]`;
const inState = (page: Page, selector: string, state: string) =>
  page.waitForSelector(`${selector}[data-state=${state}]`, { timeout: SLOW });

/** Resolves when a text has been seen with `times` different values. */
const moves = (page: Page, selector: string, times: number) =>
  page.waitForFunction(
    ([where, wanted]) => {
      const memory = window as unknown as { seen?: Map<unknown, Set<string>> };
      memory.seen ??= new Map();
      const values = memory.seen.get(where) ?? new Set();
      memory.seen.set(where, values);
      const text = document.querySelector(where as string)?.textContent;
      if (text) values.add(text);
      return values.size >= (wanted as number);
    },
    [selector, times] as const,
    { timeout: SLOW, polling: 'raf' },
  );

/** Prices of one side of a ladder, from top to bottom. */
const prices = (page: Page, venue: string, side: 'bid' | 'ask') =>
  page.$$eval(`${card(venue)} .${side} .price`, (cells) => cells.map((cell) => Number(cell.textContent?.replaceAll(',', ''))));

describe.skipIf(!hasChromium)(hasChromium ? `the page in Chromium, seed ${SEED}` : `the page in Chromium (${NEEDS})`, () => {
  const system = new System(SEED);
  let browser: Browser;

  beforeAll(async () => {
    await system.startSim();
    await system.startServer();
    browser = await launch();
  }, SLOW);
  afterAll(async () => {
    await browser?.close();
    await system.stop();
  }, SLOW);

  it('shows a moving ladder of every product, and talks to its own server only', { timeout: 2 * SLOW }, async () => {
    const { page, errors, origins } = await open(browser, system.url);
    for (const venue of VENUES) await inState(page, card(venue), 'live');
    await Promise.all(VENUES.map((venue) => moves(page, `${card(venue)} table`, 4)));
    for (const venue of VENUES) {
      const [asks, bids] = [await prices(page, venue, 'ask'), await prices(page, venue, 'bid')];
      expect([asks.length, bids.length]).toEqual([8, 8]);
      expect([...asks].sort((a, b) => b - a)).toEqual(asks);
      expect([...bids].sort((a, b) => b - a)).toEqual(bids);
    }
    await page.waitForSelector('[data-testid=funding] tbody tr td.up, [data-testid=funding] tbody tr td.down');
    await page.waitForSelector('[data-testid=connections] tbody tr');
    await screenshot(page, 'overview');
    expect(errors).toEqual([]);
    expect([...origins]).toEqual([new URL(system.url).host]);
    await page.close();
  });

  it('opens a market from the keyboard, with depth, tape, quality and funding', { timeout: 2 * SLOW }, async () => {
    const { page, errors } = await open(browser, system.url);
    await inState(page, card('binanceusdm'), 'live');
    await page.keyboard.press('/');
    await page.keyboard.type('btc usd-m');
    await page.waitForSelector('[role=option][aria-selected=true]');
    await page.keyboard.press('Enter');
    await inState(page, '[data-testid=market-view]', 'live');
    expect(await page.textContent('h1')).toBe('BTC/USDT:USDT');
    await moves(page, '[data-testid=market-view] .ladder table', 4);
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=tape] tbody tr').length >= 3, undefined, {
      timeout: SLOW,
    });
    await page.waitForFunction(() =>
      /last \d+ messages/.test(document.querySelector('[data-testid=latency] .note')?.textContent ?? ''),
    );
    await page.waitForFunction(() => /% +.*a year/s.test(document.querySelector('.facts')?.textContent ?? ''), undefined, {
      timeout: SLOW,
    });
    const chart = await page.locator('.depth-chart canvas').boundingBox();
    expect(chart?.width).toBeGreaterThan(300);
    expect(await paintedColours(page)).toBeGreaterThan(3);
    await screenshot(page, 'market');
    expect(errors).toEqual([]);
    await page.close();
  });

  it('records: starts, shows rate and gaps, plots what was recorded, stops', { timeout: 4 * SLOW }, async () => {
    const { page, errors } = await open(browser, `${system.url}#/recording`);
    await inState(page, '[data-testid=recording-view]', 'idle');
    await page.fill('[aria-label="Symbol to record"]', 'BTC/NOPE');
    await page.click('.recording-start button');
    await page.waitForFunction(() => /BTC\/NOPE/.test(document.querySelector('.recording-problem')?.textContent ?? ''));
    await page.fill('[aria-label="Symbol to record"]', 'BTC/USDT');
    await page.selectOption('[aria-label="Venue to record"]', 'binance');
    await page.click('.recording-start button');
    await inState(page, '[data-testid=recording-view]', 'recording');
    await moves(page, '[data-testid=recorded-rows]', 3);
    await page.waitForSelector('[data-testid=recorded-symbols] td.up >> text=live', { timeout: SLOW });
    await page.waitForFunction(() => /0 gaps/.test(document.querySelector('[data-testid=recorded-range]')?.textContent ?? ''));
    expect(await page.$('.recording-problem')).toBeNull();
    await page.waitForFunction(
      () => {
        const canvas = document.querySelector('.price-plot canvas') as HTMLCanvasElement | null;
        const { data } = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        for (let at = 0; at < data.length; at += 4) if (data[at] === 0x5c && data[at + 1] === 0xc8) return true;
        return false;
      },
      undefined,
      { timeout: SLOW },
    );
    await screenshot(page, 'recording');
    await page.click('[data-testid=recorded-symbols] button');
    await page.waitForSelector('text=Nothing is being recorded.', { timeout: SLOW });
    expect(errors).toEqual([]);
    await page.close();
  });

  it('says STALE while the venues are gone, and live again when they are back', { timeout: 4 * SLOW }, async () => {
    const { page, errors } = await open(browser, system.url);
    for (const venue of VENUES) await inState(page, card(venue), 'live');
    await system.killSim();
    for (const venue of VENUES) await inState(page, card(venue), 'stale');
    for (const venue of VENUES) {
      expect(await page.textContent(`${card(venue)} [data-testid=stamp] strong`)).toBe('STALE');
      const look = await page.$eval(`${card(venue)} .ladder table`, (table) => getComputedStyle(table).filter);
      expect(look).toBe('grayscale(1)');
    }
    await screenshot(page, 'stale');
    await system.startSim();
    for (const venue of VENUES) await inState(page, card(venue), 'live');
    await Promise.all(VENUES.map((venue) => moves(page, `${card(venue)} table`, 3)));
    expect(await page.$$('[data-testid=stamp]')).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('says STALE while its server is gone, and live again when it is back', { timeout: 4 * SLOW }, async () => {
    const { page } = await open(browser, system.url);
    for (const venue of VENUES) await inState(page, card(venue), 'live');
    await system.killServer();
    await inState(page, '[data-testid=server-state]', 'disconnected');
    for (const venue of VENUES) await inState(page, card(venue), 'disconnected');
    expect(await page.textContent(`${card('binance')} [data-testid=stamp]`)).toMatch(/^STALEno connection to the server/);
    await screenshot(page, 'disconnected');
    await system.startServer();
    for (const venue of VENUES) await inState(page, card(venue), 'live');
    await Promise.all(VENUES.map((venue) => moves(page, `${card(venue)} table`, 3)));
    await page.close();
  });

  it('does not trust a server that hangs with its connections open', { timeout: 4 * SLOW }, async () => {
    const { page } = await open(browser, system.url);
    await inState(page, card('binance'), 'live');
    system.freezeServer();
    await inState(page, card('binance'), 'disconnected');
    system.thawServer();
    await inState(page, card('binance'), 'live');
    await moves(page, `${card('binance')} table`, 3);
    await page.close();
  });

  it('fits a phone and honours the wish for less motion', { timeout: 2 * SLOW }, async () => {
    const { page, errors } = await open(browser, system.url, { width: 390, height: 844, reducedMotion: 'reduce' });
    await inState(page, card('binance'), 'live');
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await overflow()).toBe(0);
    // Looked up and asked in one turn of the page: an element taken out in between has no style at all.
    const transitions = await page.evaluate(() =>
      [...document.querySelectorAll('*')].map((each) => getComputedStyle(each).transitionDuration),
    );
    expect(transitions.filter((each) => each !== '0s')).toEqual([]);
    await screenshot(page, 'phone-overview');
    await page.click(`${card('binancecoinm')} a`);
    await inState(page, '[data-testid=market-view]', 'live');
    expect(await overflow()).toBe(0);
    await screenshot(page, 'phone-market');
    await page.goto(`${system.url}#/recording`);
    await page.waitForSelector('.recording-start');
    expect(await overflow()).toBe(0);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('says so when the address names a venue or a symbol that is not there', { timeout: 2 * SLOW }, async () => {
    const { page, errors } = await open(browser, `${system.url}#/market/nowhere/BTC%2FUSDT`);
    await page.waitForSelector('text=This server has no venue “nowhere”.');
    await page.goto(`${system.url}#/market/binance/NOPE%2FUSDT`);
    await page.waitForFunction(() => /book: .*NOPE\/USDT/.test(document.body.textContent ?? ''), undefined, { timeout: SLOW });
    expect(errors).toEqual([]);
    await page.close();
  });
});

/** How many different colours the depth chart has: an empty canvas has one. */
function paintedColours(page: Page): Promise<number> {
  return page.$eval('.depth-chart canvas', (element) => {
    const canvas = element as HTMLCanvasElement;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set<number>();
    for (let at = 0; at < data.length; at += 4) colours.add((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
    return colours.size;
  });
}
