import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launch, NEEDS, open, screenshot, type Watched } from './support/chromium.js';
import { type DemoReady, type Running, startDemo } from './support/speed.js';

const SEED = Number(process.env['SPEED_SEED'] ?? 5);
/** Enough for a loaded machine to start everything. */
const SLOW = 100_000;

const FUTURES = '#/market/binanceusdm/BTC%2FUSDT%3AUSDT';
const SPOT = '#/market/binance/BTC%2FUSDT';
const wait = { timeout: SLOW };

/** What the venue itself has on record of the demo's account. */
interface Ledger {
  readonly orders: readonly { readonly clientId: string; readonly status: string }[];
  readonly fills: readonly unknown[];
}

describe.skipIf(!hasChromium)(hasChromium ? `trading in Chromium, seed ${SEED}` : `trading in Chromium (${NEEDS})`, () => {
  let demo: Running<DemoReady>;
  let browser: Browser;
  let watched: Watched;

  beforeAll(async () => {
    demo = await startDemo(SEED, ['binance', 'binanceusdm']);
    browser = await launch();
  }, SLOW);
  afterAll(async () => {
    await browser?.close();
    await demo?.kill();
  }, SLOW);
  afterEach(async () => {
    await watched?.page.close();
  });

  async function market(address: string): Promise<Page> {
    watched = await open(browser, `${demo.ready.url}${address}`, { width: 1440, height: 900 });
    const { page } = watched;
    await page.waitForSelector('[data-testid=market-view][data-state=live]', wait);
    await page.waitForSelector('[data-testid=account-bar][data-state=ready]', wait);
    return page;
  }

  async function ledger(venue: string): Promise<Ledger> {
    const query = new URLSearchParams({ venue, account: 'default' });
    const url = `${new URL('/__sim/ledger', demo.ready.sim.control)}?${query}`;
    return (await (await fetch(url)).json()) as Ledger;
  }

  it('fills an order that was confirmed, moves its profit, and closes the position', { timeout: 4 * SLOW }, async () => {
    const page = await market(FUTURES);
    await page.click('text=market >> nth=0');
    await page.fill('[aria-label=Amount]', '0.010');
    await page.click('[data-testid=review]');
    await page.waitForFunction(
      () => /on average/.test(document.querySelector('[data-testid=order-facts]')?.textContent ?? ''),
      0,
      wait,
    );
    await screenshot(page, 'confirm');
    expect((await ledger('binanceusdm')).orders).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-testid=order-result][data-status=FILLED]', wait);
    await profits(page, 4);
    expect((await ledger('binanceusdm')).fills.length).toBeGreaterThan(0);
    await page.click('[data-tab=positions]');
    expect(await page.textContent('[data-testid=positions] tbody tr')).toMatch(/BTC\/USDT:USDTlong0\.01/);
    await screenshot(page, 'trading');
    await page.click('[data-testid=close-position]');
    await page.click('[data-testid=confirm-yes]');
    await page.waitForSelector('text=No open positions.', wait);
    await page.waitForSelector('[data-testid=pnl][data-open=false]', wait);
    await page.click('[data-tab=fills]');
    expect(await page.$$eval('[data-testid=fills] tbody tr', (rows) => rows.length)).toBe(
      (await ledger('binanceusdm')).fills.length,
    );
    expect(watched.errors).toEqual([]);
  });

  it('cancels an order that rests, and sends nothing that was not confirmed', { timeout: 4 * SLOW }, async () => {
    const page = await market(SPOT);
    const before = (await ledger('binance')).orders.length;
    await rest(page);
    await page.click('[data-testid=review]');
    await page.waitForSelector('[data-testid=confirm][open]', wait);
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-testid=confirm]', { state: 'detached' });
    expect((await ledger('binance')).orders.length).toBe(before);
    await page.click('[data-testid=review]');
    await page.click('[data-testid=confirm-yes]');
    await page.waitForSelector('[data-testid=open-orders] tr[data-status=OPEN]', wait);
    expect((await ledger('binance')).orders.at(-1)?.status).toBe('open');
    await page.click('[data-testid=cancel]');
    await page.waitForSelector('text=No open orders.', wait);
    await page.click('[data-tab=history]');
    await page.waitForSelector('[data-testid=order-history] tr[data-status=CANCELED]', wait);
    expect((await ledger('binance')).orders.at(-1)?.status).toBe('canceled');
    expect(watched.errors).toEqual([]);
  });

  it('stops everything at the kill switch, in every page, until trading is resumed', { timeout: 4 * SLOW }, async () => {
    const other = await open(browser, `${demo.ready.url}${SPOT}`);
    const page = await market(SPOT);
    await rest(page);
    await page.click('[data-testid=review]');
    await page.click('[data-testid=confirm-yes]');
    await page.waitForSelector('[data-testid=open-orders] tr[data-status=OPEN]', wait);
    await page.click('[data-testid=kill]');
    await page.click('[data-testid=confirm-yes]');
    for (const each of [page, other.page]) await each.waitForSelector('[data-testid=account-bar][data-state=killed]', wait);
    await page.waitForSelector('text=No open orders.', wait);
    expect(await page.isDisabled('[data-testid=review]')).toBe(true);
    await screenshot(page, 'killed');
    await page.click('[data-testid=resume]');
    for (const each of [page, other.page]) await each.waitForSelector('[data-testid=account-bar][data-state=ready]', wait);
    expect(await page.isDisabled('[data-testid=review]')).toBe(false);
    await other.page.close();
  });

  it('knows the account again after the page was loaded anew, and refuses what is off the grid', {
    timeout: 4 * SLOW,
  }, async () => {
    const page = await market(SPOT);
    await page.click('[data-tab=history]');
    await page.waitForSelector('[data-testid=order-history] tr[data-status=CANCELED]', wait);
    await page.fill('[aria-label=Price]', '100.001');
    await page.fill('[aria-label=Amount]', '1');
    expect(await page.textContent('[data-testid=ticket] .is-wrong em')).toBe('steps of 0.01: 100.00 or 100.01');
    expect(await page.isDisabled('[data-testid=review]')).toBe(true);
  });
});

/** A buy order a tenth below the market. */
async function rest(page: Page): Promise<void> {
  const best = Number((await page.textContent('.ladder .bid tr:first-child .price'))?.replaceAll(',', ''));
  await page.fill('[aria-label=Price]', (best * 0.95).toFixed(2));
  await page.fill('[aria-label=Amount]', '0.00100');
}

/** Resolves when the net profit has been seen with so many values. */
async function profits(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const memory = window as unknown as { profits?: Set<string> };
      memory.profits ??= new Set();
      const text = document.querySelector('[data-testid=net-pnl]')?.textContent;
      if (text) memory.profits.add(text);
      return memory.profits.size >= wanted;
    },
    count,
    { timeout: SLOW, polling: 'raf' },
  );
}
