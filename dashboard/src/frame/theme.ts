// Light or dark: as the system says, or as this browser's user chose.

import { useSyncExternalStore } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEPT = 'mesocycle theme';
const listeners = new Set<() => void>();
let theme: Theme = THEMES.find((each) => each === localStorage.getItem(KEPT)) ?? 'system';

// A chart draws on a canvas, which follows no style sheet: it listens too.
const system = matchMedia('(prefers-color-scheme: dark)');
system.addEventListener('change', tell);

function tell() {
  for (const listener of listeners) listener();
}

export function showTheme() {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function chooseTheme(next: Theme) {
  theme = next;
  localStorage.setItem(KEPT, next);
  showTheme();
  tell();
}

function listen(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTheme(): Theme {
  return useSyncExternalStore(listen, () => theme);
}

/** What is seen now. */
export function useIsDark(): boolean {
  return useSyncExternalStore(listen, () => (theme === 'system' ? system.matches : theme === 'dark'));
}
