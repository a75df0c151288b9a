/** The app's root: the colours of the navigation, and the door between signed in and not. */

import { DarkTheme, DefaultTheme, ThemeProvider as NavigationThemeProvider, Stack } from 'expo-router';
import { StatusBar } from 'react-native';
import { SessionProvider, useSession } from '../src/session';
import { isDark, ThemeProvider, useTheme } from '../src/theme';

export default function Root() {
  return (
    <ThemeProvider>
      <SessionProvider>
        <Door />
      </SessionProvider>
    </ThemeProvider>
  );
}

function Door() {
  const session = useSession();
  const theme = useTheme();
  const base = isDark(theme) ? DarkTheme : DefaultTheme;
  if (session === undefined) {
    return null; // the splash screen is still up
  }
  const colors = {
    ...base.colors,
    background: theme.ground,
    card: theme.card,
    text: theme.text,
    border: theme.border,
    primary: theme.accent,
  };
  return (
    <NavigationThemeProvider value={{ ...base, colors }}>
      <StatusBar barStyle={isDark(theme) ? 'light-content' : 'dark-content'} />
      <Stack screenOptions={{ headerShown: false }}>
        <Stack.Protected guard={session !== null}>
          <Stack.Screen name="(app)" />
        </Stack.Protected>
        <Stack.Protected guard={session === null}>
          <Stack.Screen name="sign-in" options={{ headerShown: true, title: 'Mesocycle' }} />
        </Stack.Protected>
      </Stack>
    </NavigationThemeProvider>
  );
}
