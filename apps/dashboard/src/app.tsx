import { useEffect, useState } from 'preact/hooks';
import type { Page } from './live/page.js';
import { parseRoute, type Route } from './route.js';
import { PageContext } from './ui/context.js';
import { TopBar } from './ui/top-bar.js';
import { MarketView } from './views/market.js';
import { Overview } from './views/overview.js';
import { RecordingView } from './views/recording/recording-view.js';

/** The page: the address says which view. */
export function App({ page }: { page: Page }) {
  const route = useRoute();
  useEffect(() => {
    document.title = route.view === 'market' ? `${route.symbol} · SPEED` : 'SPEED';
  }, [route]);
  return (
    <PageContext.Provider value={page}>
      <TopBar route={route} />
      <View route={route} />
    </PageContext.Provider>
  );
}

function View({ route }: { route: Route }) {
  if (route.view === 'market') return <MarketView key={`${route.venue}:${route.symbol}`} market={route} />;
  if (route.view === 'overview') return <Overview />;
  const { venue, symbol } = route;
  return <RecordingView market={venue === undefined || symbol === undefined ? undefined : { venue, symbol }} />;
}

function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const onChange = () => setRoute(parseRoute(location.hash));
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  return route;
}
