/** A group of things that belong together; pressed as one where it leads somewhere. */

import type { PropsWithChildren } from 'react';
import { Pressable, StyleSheet, View } from 'react-native';
import { useTheme } from '../theme';

interface CardProps {
  onPress?: () => void;
  /** Whether more of it is shown, where a press does that. */
  isExpanded?: boolean;
}

export function Card({ children, onPress, isExpanded }: PropsWithChildren<CardProps>) {
  const theme = useTheme();
  const look = [styles.card, { backgroundColor: theme.card, borderColor: theme.border }];
  return onPress ? (
    <Pressable role="button" aria-expanded={isExpanded} onPress={onPress} style={look}>
      {children}
    </Pressable>
  ) : (
    <View style={look}>{children}</View>
  );
}

const styles = StyleSheet.create({
  card: { borderRadius: 14, borderWidth: StyleSheet.hairlineWidth, padding: 16, gap: 10 },
});
