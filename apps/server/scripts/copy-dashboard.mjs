// The built dashboard is shipped inside this package. When it has not been built, the server says so on its page.
import { cpSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const from = fileURLToPath(new URL('../../dashboard/dist', import.meta.url));
const to = fileURLToPath(new URL('../dist/public', import.meta.url));

rmSync(to, { recursive: true, force: true });
const isBuilt = existsSync(`${from}/index.html`);
if (isBuilt) cpSync(from, to, { recursive: true, filter: (file) => !/\.(map|tsbuildinfo)$|\.d\.ts$/.test(file) });
console.log(isBuilt ? 'dashboard copied' : 'dashboard not built: the server will say so on its page');
