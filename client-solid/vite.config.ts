import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';

/** The page runs under a Content-Security-Policy without inline scripts, styles or data: URLs. */
export default defineConfig({
  plugins: [solid()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
  },
});
