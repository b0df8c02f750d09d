import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const EXECUTABLE = process.env['SPEED_CHROMIUM'] ?? '/usr/bin/chromium';

/** Without a browser the tests list themselves as skipped under this name, which says how to include them. */
export const hasChromium = existsSync(EXECUTABLE);
export const NEEDS = 'needs Chromium: apt-get install chromium && npm test, or SPEED_CHROMIUM=/path/to/chromium npm test';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What does not come on the busiest machine within this never comes, ms. */
const HANGS = 100_000;

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: EXECUTABLE, args: FLAGS, timeout: HANGS });

/** What a page did besides showing things. */
export interface Watched {
  readonly page: Page;
  /** Errors in the console, uncaught ones included. */
  readonly errors: string[];
  /** Origins that were talked to, sockets included. */
  readonly origins: Set<string>;
}

export interface Viewing {
  readonly width?: number;
  readonly height?: number;
  readonly reducedMotion?: 'reduce' | 'no-preference';
}

/** Opens a page and takes note of its errors and of whom it talks to. */
export async function open(
  browser: Browser,
  url: string,
  { width = 1280, height = 800, reducedMotion }: Viewing = {},
): Promise<Watched> {
  const page = await browser.newPage({ viewport: { width, height }, ...(reducedMotion && { reducedMotion }) });
  page.setDefaultTimeout(HANGS);
  const errors: string[] = [];
  const origins = new Set<string>();
  page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
  page.on('pageerror', (error) => void errors.push(error.message));
  page.on('request', (request) => void origins.add(new URL(request.url()).host));
  page.on('websocket', (socket) => void origins.add(new URL(socket.url()).host));
  await page.goto(url);
  return { page, errors, origins };
}

const SCREENSHOTS = path.resolve(import.meta.dirname, '../../screenshots');

/** Keeps a picture for people to look at; the folder is not committed. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), fullPage: true });
}
