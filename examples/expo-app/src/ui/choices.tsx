/** One of several, as a group of radio buttons. */

import { Pressable, StyleSheet, View } from 'react-native';
import { useTheme } from '../theme';
import { Words } from './words';

interface ChoicesProps<Value> {
  label: string;
  options: readonly (readonly [value: Value, title: string])[];
  value: Value;
  onChange: (value: Value) => void;
}

export function Choices<Value extends string | number>({ label, options, value, onChange }: ChoicesProps<Value>) {
  const theme = useTheme();
  return (
    <View style={styles.group}>
      <Words kind="strong">{label}</Words>
      <View role="radiogroup" aria-label={label} style={styles.row}>
        {options.map(([option, title]) => {
          const isChosen = option === value;
          const look = isChosen
            ? { backgroundColor: theme.accent, borderColor: theme.accent }
            : { backgroundColor: theme.card, borderColor: theme.edge };
          return (
            <Pressable
              key={option}
              role="radio"
              aria-checked={isChosen}
              onPress={() => onChange(option)}
              style={[styles.option, look]}
            >
              <Words style={{ color: isChosen ? theme.onAccent : theme.text }}>{title}</Words>
            </Pressable>
          );
        })}
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  group: { gap: 8 },
  row: { flexDirection: 'row', flexWrap: 'wrap', gap: 6 },
  option: {
    minHeight: 44,
    minWidth: 44,
    paddingHorizontal: 14,
    justifyContent: 'center',
    alignItems: 'center',
    borderRadius: 22,
    borderWidth: 1,
  },
});
