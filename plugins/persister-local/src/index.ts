import { definePersister, nearest, SpeedError } from '@speed-protocol/core';
import { blocking, pooled } from '@speed-protocol/files';
import { createLocalPersister, type LocalConfig } from './local.js';

export { createLocalPersister, type LocalConfig } from './local.js';

const KEYS = ['fsync'] as const;

function parseConfig(input: unknown): LocalConfig {
  if (typeof input !== 'object' || input === null) throw new SpeedError('config', 'The local store takes an object of settings.');
  for (const key of Object.keys(input)) {
    if ((KEYS as readonly string[]).includes(key)) continue;
    const hint = nearest(key, KEYS);
    throw new SpeedError('config', `The local store has no setting "${key}"${hint ? `; did you mean "${hint}"?` : ''}`);
  }
  return { fsync: (input as Partial<LocalConfig>).fsync ?? true };
}

/** A folder on the local disk: the store that needs no service. Locations: `./data`, `/srv/data`, `file:///srv/data`. */
export default definePersister({
  id: 'local',
  schemes: ['file'],
  parseConfig,
  create: (location, { config, mayBlock }) => createLocalPersister(location, config, mayBlock ? blocking : pooled),
});
