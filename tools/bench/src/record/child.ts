import { CASES, type CaseName, runCase } from './case.js';
import { runHotPath } from './hot-path/hot-path.js';

const [name = '', size = ''] = process.argv.slice(2);
const result = name in CASES ? await runCase(name as CaseName, Number(size)) : await runHotPath(Number(size));
console.log(JSON.stringify(result));
