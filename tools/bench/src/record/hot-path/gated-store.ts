import { definePersister, type Persister } from '@speed-protocol/core';
import local from '@speed-protocol/persister-local';
import { Gate } from './gate.js';

interface Config {
  readonly gate: SharedArrayBuffer;
}

/** The local store, which takes files only while its gate is open: Parquet is written in the slices that record, and in no other. */
export default definePersister<Config>({
  id: 'gated',
  schemes: ['file'],
  parseConfig: (input) => input as Config,
  create(location, { config, ...context }): Persister {
    const gate = new Gate(config.gate);
    const store = local.create(location, context);
    const put = store.put.bind(store);
    store.put = async (...request) => {
      await gate.pass();
      return put(...request);
    };
    return store;
  },
});
