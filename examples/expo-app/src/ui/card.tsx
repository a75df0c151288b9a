/** A group of things that belong together; pressed as one where it leads somewhere. */

import type { PropsWithChildren } from 'react';
import { Pressable, StyleSheet, View } from 'react-native';
import { useTheme } from '../theme';
import { Words } from './words';

interface CardProps {
  onPress?: () => void;
  /** Whether more of it is shown, where a press does that. */
  isExpanded?: boolean;
}

export function Card({ children, onPress, isExpanded }: PropsWithChildren<CardProps>) {
  const theme = useTheme();
  const look = [styles.card, { backgroundColor: theme.card, borderColor: onPress ? theme.edge : theme.border }];
  return onPress ? (
    <Pressable role="button" aria-expanded={isExpanded} onPress={onPress} style={[look, styles.line]}>
      <View style={styles.content}>{children}</View>
      <Words kind="quiet" aria-hidden>
        {isExpanded === undefined ? '›' : isExpanded ? '−' : '+'}
      </Words>
    </Pressable>
  ) : (
    <View style={[look, styles.content]}>{children}</View>
  );
}

const styles = StyleSheet.create({
  card: { borderRadius: 14, borderWidth: StyleSheet.hairlineWidth, padding: 16 },
  line: { flexDirection: 'row', alignItems: 'center', gap: 12 },
  content: { gap: 10, flexGrow: 1, flexShrink: 1 },
});
