import { definePersister } from '@speed-protocol/core';
import { parseConfig } from './config.js';
import { parseLocation } from './location.js';
import { S3Persister } from './s3.js';

export type { S3Config } from './config.js';

/**
 * S3 and compatible servers. Locations: `s3://bucket`, `s3://bucket/prefix`. Settings: see {@link S3Config}; whatever is
 * absent comes from the environment as the AWS SDK reads it, the endpoint also from SPEED_S3_ENDPOINT.
 */
export default definePersister({
  id: 's3',
  schemes: ['s3'],
  parseConfig,
  create: (location, { config }) => new S3Persister(parseLocation(location), config),
});
