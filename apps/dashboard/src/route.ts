/** What the page shows; kept in the address after `#`, so that a view can be bookmarked and Back works. */
export type Route =
  | { readonly view: 'overview' }
  | { readonly view: 'market'; readonly venue: string; readonly symbol: string }
  /** With a market: its recorded prices. */
  | { readonly view: 'recording'; readonly venue?: string; readonly symbol?: string };

export const OVERVIEW: Route = { view: 'overview' };

/** `#/market/binanceusdm/BTC%2FUSDT%3AUSDT`; anything else is the overview. */
export function parseRoute(hash: string): Route {
  const [view, venue, symbol] = hash.replace(/^#\/?/, '').split('/').map(decode);
  if (view === 'market' && venue && symbol) return { view, venue, symbol };
  if (view === 'recording') return venue && symbol ? { view, venue, symbol } : { view };
  return OVERVIEW;
}

export function formatRoute(route: Route): string {
  if (route.view === 'overview') return '#/';
  const market = [route.venue, route.symbol].flatMap((part) => (part === undefined ? [] : [encodeURIComponent(part)]));
  return `#/${[route.view, ...market].join('/')}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
