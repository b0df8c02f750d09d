import { createServer } from 'node:net';

/** Below those that systems hand out to whoever asks for any: nobody gets one by chance between two starts of a server. */
const [FIRST, LAST] = [15_000, 32_000];

/** The first of `count` free ports in a row, for a server that has to come back where it was. */
export async function freePorts(count = 1): Promise<number> {
  for (;;) {
    const first = FIRST + Math.floor(Math.random() * (LAST - FIRST - count));
    const wished = Array.from({ length: count }, (_, at) => first + at);
    const free = await Promise.all(wished.map(isFree));
    if (!free.includes(false)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
