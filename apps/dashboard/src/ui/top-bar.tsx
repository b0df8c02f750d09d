import { clockTime } from '../format.js';
import type { Route } from '../route.js';
import { useCells, usePage } from './context.js';
import { MarketPicker } from './market-picker.js';

/** Name, way home, market search, the line to the server, the time. */
export function TopBar({ route }: { route: Route }) {
  return (
    <header class="top">
      <a href="#/" class="brand" aria-current={route.view === 'overview' ? 'page' : undefined}>
        SPEED
      </a>
      <nav aria-label="Views">
        <a href="#/" aria-current={route.view === 'overview' ? 'page' : undefined}>
          Overview
        </a>
        <a href="#/recording" aria-current={route.view === 'recording' ? 'page' : undefined}>
          Recording
        </a>
        {route.view === 'market' && (
          <a href={location.hash} aria-current="page">
            {route.symbol}
          </a>
        )}
      </nav>
      <MarketPicker />
      <ServerState />
      <WallClock />
    </header>
  );
}

function ServerState() {
  const { gateway, connection } = usePage();
  useCells(connection);
  const state = gateway.connected ? 'live' : 'disconnected';
  return (
    <span class={`pill pill-${state}`} data-testid="server-state" data-state={state} role="status">
      <i aria-hidden="true" />
      {gateway.connected ? 'connected' : 'reconnecting'}
    </span>
  );
}

function WallClock() {
  const { clock, now } = usePage();
  useCells(clock);
  return (
    <time class="dim wall-clock">
      {clockTime(now(), false)} <small>UTC</small>
    </time>
  );
}
