import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import { App } from './app.js';
import { connectGateway, serverUrl } from './live/client-gateway.js';
import { createPage } from './live/page.js';
import './styles/index.css';

const page = createPage({
  gateway: connectGateway(serverUrl(location)),
  storage: localStorage,
  frames: (flush) => void requestAnimationFrame(flush),
  every: (ms, run) => void setInterval(run, ms),
  later: (ms, run) => void setTimeout(run, ms),
  now: () => performance.timeOrigin + performance.now(),
});
const root = document.getElementById('app') as HTMLElement;
root.replaceChildren();
render(<App page={page} />, root);
