import local from '@speed-protocol/persister-local';
import { type ChildOrder, recordUntilKilled } from './child.js';

await recordUntilKilled(local, JSON.parse(process.argv[2]!) as ChildOrder);
