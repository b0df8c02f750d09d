import type { Host } from '@speed-protocol/host';
import type { StatusResult } from '@speed-protocol/protocol';
import type { ChannelHub } from './channels/hub.js';
import type { Metrics } from './metrics.js';
import type { OutboxCounters } from './socket/outbox.js';

/** The answer to `status`. */
export async function readStatus(
  host: Host,
  hub: ChannelHub,
  { latency, cutCount }: Metrics,
  { conflated }: OutboxCounters,
  clients: number,
  startedAt: number,
): Promise<StatusResult> {
  const connectors = await host.connectors.list();
  const time = host.clock.now();
  return {
    uptimeMs: time - startedAt,
    time,
    clients,
    channels: hub.channels.map(({ name, subscribers, state }) => ({ channel: name, subscribers: subscribers.size, state })),
    venues: connectors.map((each) => ({ venue: each.venue, connections: [...each.connections()] })),
    latencyMs: { p50: latency.quantile(0.5), p90: latency.quantile(0.9), p99: latency.quantile(0.99), count: latency.count },
    dropped: conflated,
    cuts: cutCount,
  };
}

/** Rows for the metrics of the sockets to the venues. */
export async function upstreams({ connectors }: Host) {
  const list = await connectors.list();
  return list.flatMap((connector) =>
    connector.connections().map(({ name, state, reconnects, topics }) => ({
      venue: connector.venue,
      connection: name,
      open: state === 'open',
      reconnects,
      topics,
    })),
  );
}
