import { useState } from 'preact/hooks';
import { compact, duration, fixed } from '../../format.js';
import type { MarketRef } from '../../live/choice.js';
import { usePage } from '../../ui/context.js';
import { Fact } from '../../ui/facts.js';
import { usePolled } from './polled.js';
import { PricePlot } from './price-plot.js';
import { RecordedSymbols } from './recorded-symbols.js';
import { StartForm } from './start-form.js';

const STATUS_MS = 1000;

/** What the server records: how fast, how late, what is missing; and the prices of a recorded range. */
export function RecordingView({ market }: { market: MarketRef | undefined }) {
  const { gateway } = usePage();
  const { result: status, problem, again } = usePolled('recordings', {}, STATUS_MS);
  const [refusal, setRefusal] = useState<string>();
  const run = (work: Promise<unknown>) =>
    work.then(
      () => setRefusal(undefined),
      (error: unknown) => setRefusal((error as Error).message),
    );
  const change = (command: 'start_recording' | 'stop_recording', ref: MarketRef) =>
    void run(gateway.call(command, { venue: ref.venue, symbol: ref.symbol })).then(again);
  const shown = market ?? status?.symbols[0];
  const old = gateway.connected ? '' : 'is-old';
  return (
    <main class="recording" data-testid="recording-view" data-state={status?.state ?? 'unknown'}>
      <h1 class="sr">Recording</h1>
      <section class="panel" aria-label="Recording">
        <h2>
          Recording <span class="dim">{status?.location}</span>
        </h2>
        {status === undefined ? (
          <p class="empty">{problem ?? 'Asking the server…'}</p>
        ) : (
          <dl class={`recording-facts ${old}`}>
            <Fact label="State" tone={TONES[status.state] ?? 'down'}>
              {status.state}
            </Fact>
            <Fact label="Rows">
              <span data-testid="recorded-rows">{fixed(status.rows, 0)}</span>
            </Fact>
            <Fact label="Rate">{fixed(status.rowsPerSecond, 0)} rows/s</Fact>
            <Fact label="Lag">{duration(status.lagMs)}</Fact>
            <Fact label="Gaps" tone={status.gaps > 0 ? 'warn' : ''}>
              {fixed(status.gaps, 0)}
            </Fact>
            <Fact label="Dropped" tone={status.dropped > 0 ? 'down' : ''}>
              {fixed(status.dropped, 0)}
            </Fact>
            <Fact label="Files">
              {fixed(status.files, 0)} · {compact(status.bytes)}B
            </Fact>
            <Fact label="In the log" tone={status.store === 'ok' ? '' : 'warn'}>
              {compact(status.backlogBytes)}B{status.store === 'ok' ? '' : ' (store away)'}
            </Fact>
          </dl>
        )}
        {[problem, refusal, status?.problem].map((text) => text && <p class="recording-problem down">{text}</p>)}
        {status && <RecordedSymbols symbols={status.symbols} shown={shown} onStop={(ref) => change('stop_recording', ref)} />}
        <StartForm onStart={(ref) => change('start_recording', ref)} />
      </section>
      {shown && <PricePlot key={`${shown.venue}:${shown.symbol}`} market={shown} />}
    </main>
  );
}

const TONES: Readonly<Record<string, string>> = { recording: 'up', idle: 'dim', full: 'warn' };
