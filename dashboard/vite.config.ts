import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npm run dev` serves the sources and hands the API's addresses on to a `mesocycle dev` that runs beside it.
const api = process.env.MESOCYCLE_URL ?? 'http://127.0.0.1:54321';

export default defineConfig({
  base: '/dashboard/',
  plugins: [tanstackRouter({ target: 'react', autoCodeSplitting: true, quoteStyle: 'single' }), react()],
  // Nothing is inlined: the page's Content-Security-Policy lets nothing but its own files in.
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/admin': api, '/functions': api } },
});
