import type { StressRun } from '../run.js';
import { OUTCOMES, STAGES } from '../types.js';
import { chartsOf } from './charts.js';
import type { StressReport } from './report.js';
import { escapeHtml } from './svg.js';
import { ms } from './text.js';

const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--panel:#f6f8fa;--line:#d8dee6;--text:#1b2430;--dim:#5c6877;
--connect:#7a5af0;--place:#1f7fc0;--cancel:#c07a1f;--final:#16936a;--bad:#cf3a48}
@media(prefers-color-scheme:dark){:root{--bg:#0a0d12;--panel:#10151c;--line:#1f2834;--text:#dfe5ec;--dim:#8b97a7;
--connect:#a48bff;--place:#5cc8ff;--cancel:#f5b94a;--final:#2fbf8a;--bad:#f2616f}}
*{box-sizing:border-box}body{margin:0 auto;max-width:1360px;padding:24px;background:var(--bg);color:var(--text);font:14px/1.45 system-ui,sans-serif}
h1{margin:0 0 4px;font-size:22px}h1 b{color:var(--final)}h1 b.bad{color:var(--bad)}h2{margin:0;font-size:14px}p{margin:0 0 4px;color:var(--dim)}
.facts{display:flex;flex-wrap:wrap;gap:8px;margin:16px 0}.facts div,figure,.table{padding:10px 14px;background:var(--panel);border:1px solid var(--line);border-radius:6px}
.facts dt{font-size:11px;color:var(--dim)}.facts dd{margin:0;font:600 20px ui-monospace,monospace}.facts .bad dd{color:var(--bad)}
.outcomes{display:flex;height:14px;margin:0 0 16px;border-radius:4px;overflow:hidden;background:var(--line)}
.filled{background:var(--final)}.canceled{background:var(--place)}.expired{background:var(--cancel)}.rejected{background:#a05}.unknown,.error{background:var(--bad)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(440px,1fr));gap:12px;margin-top:12px}figure{margin:0}
figcaption{font-size:12px;color:var(--dim)}svg{display:block;width:100%;height:auto}
.grid line{stroke:var(--line)}.grid text{fill:var(--dim);font-size:10px}.line{fill:none;stroke-width:1.6}
.line.connect{stroke:var(--connect)}.line.place{stroke:var(--place)}.line.cancel{stroke:var(--cancel)}.line.final{stroke:var(--final)}
g.connect .bar{fill:var(--connect)}g.place .bar{fill:var(--place)}g.cancel .bar{fill:var(--cancel)}g.final .bar{fill:var(--final)}
circle.final{fill:var(--final);fill-opacity:.55}b.connect{color:var(--connect)}b.place{color:var(--place)}b.cancel{color:var(--cancel)}b.final{color:var(--final)}
table{width:100%;border-collapse:collapse;font:13px ui-monospace,monospace}th,td{padding:3px 10px;text-align:right;border-top:1px solid var(--line)}
th{border:0;font:12px system-ui,sans-serif;color:var(--dim)}:is(th,td):first-child{text-align:left}.table{margin-bottom:12px;overflow:auto}
`;

/** The report as one HTML file that needs nothing else. */
export function renderHtml({ report, clients }: StressRun): string {
  const charts = chartsOf(clients).map(
    ({ title, note, svg }) => `<figure><h2>${title}</h2>${svg}<figcaption>${note}</figcaption></figure>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>SPEED stress: ${report.final} of ${report.orders}</title><style>${STYLE}</style></head><body>
<h1><b class="${report.ok ? '' : 'bad'}">${report.ok ? 'OK' : 'NOT OK'}</b> ${report.final} of ${report.orders} orders with a final state</h1>
<p>${escapeHtml(report.target)} · ${report.startedAt} · ${escapeHtml(marketsOf(report))}</p>
<p>${escapeHtml(report.clock)}</p>
${facts(report)}
${outcomeBar(report)}
${stageTable(report)}
${causeTable(report)}
<div class="charts">${charts.join('\n')}</div>
</body></html>
`;
}

function marketsOf({ markets }: StressReport): string {
  return [...new Set(markets.map(({ venue, symbol }) => `${venue} ${symbol}`))].join(', ');
}

function facts(report: StressReport): string {
  const { clients, connected, wallMs, ordersPerSecond, outcomes, readBack, reconnects } = report;
  const rows: readonly (readonly [string, string | number, boolean?])[] = [
    ['clients connected', `${connected} / ${clients}`, connected < clients],
    ['on the clock', ms(wallMs)],
    ['orders per second', Math.round(ordersPerSecond)],
    ...OUTCOMES.map((outcome) => [outcome, outcomes[outcome], isBad(outcome) && outcomes[outcome] > 0] as const),
    ['false failures', readBack.recorded === null ? '?' : readBack.falseFailures, readBack.falseFailures > 0],
    ['on record', readBack.recorded ?? '?', readBack.recorded === null],
    ['reconnects', reconnects],
  ];
  const cells = rows.map(([name, value, bad]) => `<div class="${bad ? 'bad' : ''}"><dt>${name}</dt><dd>${value}</dd></div>`);
  return `<dl class="facts">${cells.join('')}</dl>`;
}

const isBad = (outcome: string) => outcome === 'unknown' || outcome === 'error' || outcome === 'rejected';

function outcomeBar({ outcomes, orders }: StressReport): string {
  const parts = OUTCOMES.filter((outcome) => outcomes[outcome] > 0).map((outcome) => {
    const width = ((outcomes[outcome] / orders) * 100).toFixed(3);
    return `<div class="${outcome}" style="width:${width}%" title="${outcomes[outcome]} ${outcome}"></div>`;
  });
  return `<div class="outcomes" role="img" aria-label="Outcomes">${parts.join('')}</div>`;
}

function stageTable({ stages }: StressReport): string {
  const rows = STAGES.flatMap((stage) => {
    const summary = stages[stage];
    if (!summary) return [];
    const { count, mean, p50, p90, p99, max } = summary;
    const cells = [mean, p50, p90, p99, max].map((value) => `<td>${ms(value)}</td>`).join('');
    return [`<tr><td><b class="${stage}">${stage}</b></td><td>${count}</td>${cells}</tr>`];
  });
  const head = ['stage', 'count', 'mean', 'p50', 'p90', 'p99', 'max'].map((name) => `<th>${name}</th>`).join('');
  return `<div class="table"><table><tr>${head}</tr>${rows.join('')}</table></div>`;
}

function causeTable({ causes }: StressReport): string {
  if (causes.length === 0) return '';
  const rows = causes.map(
    ({ outcome, cause, count }) => `<tr><td>${outcome}</td><td>${count}</td><td>${escapeHtml(cause)}</td></tr>`,
  );
  return `<div class="table"><table><tr><th>outcome</th><th>count</th><th>cause</th></tr>${rows.join('')}</table></div>`;
}
