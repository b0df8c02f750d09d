import s3 from '@speed-protocol/persister-s3';
import { type ChildOrder, recordUntilKilled } from '../../../../packages/history/test/support/child.js';

await recordUntilKilled(s3, JSON.parse(process.argv[2]!) as ChildOrder);
