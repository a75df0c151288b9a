/** Bars side by side, of which one is chosen: the chart is also the way from day to day or week to week. */

import { Pressable, StyleSheet, View } from 'react-native';
import { useTheme } from '../theme';
import { Words } from './words';

/** A bar: its key, its short name under it, and its number above. */
export interface Bar<Key> {
  key: Key;
  name: string;
  value: number;
}

interface BarChartProps<Key> {
  label: string;
  bars: Bar<Key>[];
  chosen: Key;
  onChoose: (key: Key) => void;
}

const HEIGHT = 96;

export function BarChart<Key extends string | number>({ label, bars, chosen, onChoose }: BarChartProps<Key>) {
  const theme = useTheme();
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <View role="tablist" aria-label={label} style={styles.chart}>
      {bars.map((bar) => {
        const isChosen = bar.key === chosen;
        return (
          <Pressable
            key={bar.key}
            role="tab"
            aria-selected={isChosen}
            onPress={() => onChoose(bar.key)}
            style={[styles.column, isChosen && { backgroundColor: theme.tint }]}
          >
            <Words kind="small" style={[styles.name, { color: isChosen ? theme.accent : theme.text }]}>
              {bar.name}
            </Words>
            <View style={styles.room}>
              <Words kind="small" style={styles.value}>
                {bar.value}
              </Words>
              <View
                style={[
                  styles.bar,
                  {
                    height: Math.max(3, (bar.value / most) * HEIGHT),
                    backgroundColor: isChosen ? theme.accent : theme.edge,
                  },
                ]}
              />
            </View>
          </Pressable>
        );
      })}
    </View>
  );
}

const styles = StyleSheet.create({
  chart: { flexDirection: 'row', gap: 4 },
  // The name comes first for a screen reader, and stands below.
  column: {
    flex: 1,
    flexDirection: 'column-reverse',
    alignItems: 'center',
    gap: 4,
    paddingVertical: 6,
    borderRadius: 10,
  },
  room: { height: HEIGHT + 24, gap: 4, justifyContent: 'flex-end', alignSelf: 'stretch', paddingHorizontal: 6 },
  bar: { borderRadius: 4 },
  value: { textAlign: 'center' },
  name: { fontWeight: '600' },
});
