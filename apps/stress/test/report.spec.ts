import { expect, it } from 'vitest';
import { renderHtml, renderProgress, renderText, runStress } from '../src/index.js';
import { ScriptedServer } from './support/scripted-server.js';

async function finished(onPlace?: ScriptedServer['onPlace']) {
  const server = new ScriptedServer();
  if (onPlace) server.onPlace = onPlace;
  return runStress({ url: 'ws://<scripted>', clients: 6, timeoutMs: 10_000, openSocket: server.openSocket });
}

it('writes one HTML file with a chart per stage that needs nothing from elsewhere', async () => {
  const html = renderHtml(await finished());
  expect(html.match(/<svg /g)).toHaveLength(6);
  expect(html).toContain('Stage: connect');
  expect(html).toContain('ws://&#60;scripted&#62;');
  expect(html).not.toMatch(/<script|https?:\/\/|src=|url\(|@import|NaN|undefined|Infinity/);
});

it('says in the title and in colour that something is wrong, and why', async () => {
  const run = await finished((fate) => fate.answer('REJECTED', 'would <b>take</b>'));
  const html = renderHtml(run);
  expect(html).toContain('would &#60;b&#62;take&#60;/b&#62;');
  expect(html).toMatch(/class="bad"><dt>rejected<\/dt><dd>6/);
  expect(renderText(run.report)).toMatch(/rejected 6 x would <b>take<\/b>/);
});

it('summarizes in text, with every stage and what was read back', async () => {
  const text = renderText((await finished()).report);
  expect(text).toMatch(/^OK {2}6 of 6 orders with a final state; 6 of 6 clients connected/);
  expect(text).toMatch(/stage +count +p50 +p90 +p99 +max/);
  expect(text).toMatch(/final +6( +\d[\d.]* m?s){4}/);
  expect(text).toContain('nothing contradicts what clients were told');
});

it('draws progress: what is done, what is on its way, what failed', () => {
  const line = renderProgress({ clients: 10, connected: 9, orders: 30, placed: 20, done: 10, failed: 1 });
  expect(line).toBe(`${'█'.repeat(10)}${'▒'.repeat(10)}${'░'.repeat(10)} 10/30 orders  9/10 clients  1 FAILED`);
});
