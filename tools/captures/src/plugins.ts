import { fileURLToPath } from 'node:url';
import { Plugins } from '@speed-protocol/host';

/** The plugins of this workspace, found as any app finds them. From sources when this file runs from its source. */
export function discoverPlugins(): Promise<Plugins> {
  const conditions = import.meta.url.endsWith('.ts') ? ['@speed/source'] : [];
  return Plugins.discover({ directories: [fileURLToPath(new URL('..', import.meta.url))], conditions });
}
