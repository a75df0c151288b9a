/** The colours of light and dark, each pair of text and ground with a contrast of 4.5 or more. */

import { createContext, type PropsWithChildren, useContext } from 'react';
import { useColorScheme } from 'react-native';

const light = {
  ground: '#f6f7f5',
  card: '#ffffff',
  border: '#d9ddd8',
  edge: '#7b847d',
  text: '#171b18',
  quiet: '#56605a',
  accent: '#0b6b4b',
  onAccent: '#ffffff',
  tint: '#e0f0e8',
  danger: '#b3261e',
};

export type Theme = typeof light;

const dark: Theme = {
  ground: '#101412',
  card: '#1a1f1c',
  border: '#303733',
  edge: '#7e8a83',
  text: '#eceeec',
  quiet: '#a5aea9',
  accent: '#62d3a4',
  onAccent: '#06281c',
  tint: '#1d3a2e',
  danger: '#ff9a90',
};

const ThemeContext = createContext(light);

/** Follows the phone's setting, in one place: on the web, several `useColorScheme` at once miss a change. */
export function ThemeProvider({ children }: PropsWithChildren) {
  return <ThemeContext.Provider value={useColorScheme() === 'dark' ? dark : light}>{children}</ThemeContext.Provider>;
}

export function useTheme(): Theme {
  return useContext(ThemeContext);
}

export function isDark(theme: Theme): boolean {
  return theme === dark;
}
