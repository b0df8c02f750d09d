import { compact, duration, NOTHING } from '../format.js';
import type { Directory } from '../live/directory.js';
import { useCells, usePage } from './context.js';

/** The server's sockets to the venues, and the server itself. */
export function Connections() {
  const { directory, gateway, connection, clock, now } = usePage();
  useCells(directory.cell, connection, clock);
  const { status } = directory;
  const rows =
    status?.venues.flatMap(({ venue, connections }) => connections.map((connection) => ({ venue, ...connection }))) ?? [];
  return (
    <section class="panel connections" aria-label="Connections">
      <h2>
        Connections <span class="dim">server to venues</span>
      </h2>
      {!gateway.connected || rows.length === 0 ? (
        <p class="empty">{whyEmpty(gateway.connected, directory)}</p>
      ) : (
        <div class="scroll">
          <table data-testid="connections">
            <thead>
              <tr>
                <th scope="col">Socket</th>
                <th scope="col">State</th>
                <th scope="col">Topics</th>
                <th scope="col">Reconnects</th>
                <th scope="col">Last frame</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ venue, name, state, topics, reconnects, lastFrameAt }) => (
                <tr key={`${venue}:${name}`}>
                  <td>{name}</td>
                  <td class={state === 'open' ? 'up' : 'warn'}>{state}</td>
                  <td>{topics}</td>
                  <td class={reconnects > 0 ? 'warn' : ''}>{reconnects}</td>
                  <td>{lastFrameAt === null ? NOTHING : `${duration(now() - lastFrameAt)} ago`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {status && gateway.connected && <ServerFacts />}
    </section>
  );
}

function whyEmpty(connected: boolean, { status, problems }: Directory): string {
  if (!connected) return 'No connection to the server.';
  return status ? 'No socket is open: nothing is subscribed.' : (problems.get('status') ?? 'Asking the server…');
}

function ServerFacts() {
  const { status, server } = usePage().directory;
  if (!status) return null;
  const { p50, p99 } = status.latencyMs;
  return (
    <p class="server-facts dim">
      server {server?.server.version} · up {duration(status.uptimeMs)} · {status.clients} clients · {status.channels.length}{' '}
      channels · receive to write p50 <b>{duration(p50)}</b> p99 <b>{duration(p99)}</b> · conflated {compact(status.dropped)} ·
      cut {status.cuts}
    </p>
  );
}
