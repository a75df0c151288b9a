/** How far something is; without a number, that it goes on. */

import { ActivityIndicator, StyleSheet, View } from 'react-native';
import { useTheme } from '../theme';

/** @param fraction - 0 to 1, or undefined where nobody knows. */
export function ProgressBar({ label, fraction }: { label: string; fraction: number | undefined }) {
  const theme = useTheme();
  if (fraction === undefined) {
    return <ActivityIndicator role="progressbar" aria-label={label} color={theme.accent} size="large" />;
  }
  const percent = Math.round(fraction * 100);
  return (
    <View
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      style={[styles.track, { backgroundColor: theme.border }]}
    >
      <View style={[styles.done, { backgroundColor: theme.accent, width: `${percent}%` }]} />
    </View>
  );
}

const styles = StyleSheet.create({
  track: { height: 12, borderRadius: 6, overflow: 'hidden' },
  done: { height: 12, borderRadius: 6 },
});
