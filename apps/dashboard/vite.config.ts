import { defineConfig } from 'vite';

/** Static files for the server: no inline script or style, no data URLs, nothing from another host. */
export default defineConfig({
  base: './',
  resolve: { conditions: ['@speed/source', 'module', 'browser', 'import', 'default'] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, sourcemap: false, emptyOutDir: true },
});
