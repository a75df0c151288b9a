/** Text in the app's few sizes. */

import { StyleSheet, Text, type TextProps } from 'react-native';
import { useTheme } from '../theme';

interface WordsProps extends TextProps {
  kind?: 'body' | 'strong' | 'quiet' | 'small' | 'error';
}

export function Words({ kind = 'body', style, ...rest }: WordsProps) {
  const theme = useTheme();
  const color = kind === 'error' ? theme.danger : kind === 'quiet' || kind === 'small' ? theme.quiet : theme.text;
  return <Text {...(kind === 'error' && { role: 'alert' })} {...rest} style={[styles[kind], { color }, style]} />;
}

/** A heading; level 1 once a screen. */
export function Heading({ level = 2, style, ...rest }: TextProps & { level?: 1 | 2 | 3 }) {
  const theme = useTheme();
  const onWeb = { 'aria-level': level }; // React Native's types do not know it, phones do not need it
  return <Text role="heading" {...onWeb} {...rest} style={[headings[level], { color: theme.text }, style]} />;
}

const styles = StyleSheet.create({
  body: { fontSize: 16, lineHeight: 23 },
  strong: { fontSize: 16, lineHeight: 23, fontWeight: '600' },
  quiet: { fontSize: 16, lineHeight: 23 },
  small: { fontSize: 14, lineHeight: 20 },
  error: { fontSize: 16, lineHeight: 23 },
});

const headings = {
  1: { fontSize: 28, lineHeight: 34, fontWeight: '700' },
  2: { fontSize: 20, lineHeight: 26, fontWeight: '700' },
  3: { fontSize: 16, lineHeight: 23, fontWeight: '700' },
} as const;
