/** A button at least 48 points high, as a thumb wants it. */

import { ActivityIndicator, Pressable, StyleSheet, Text } from 'react-native';
import { useTheme } from '../theme';

interface ButtonProps {
  title: string;
  onPress: () => void;
  kind?: 'primary' | 'plain' | 'danger';
  /** What was pressed is under way: shows it and takes no second press. */
  isBusy?: boolean;
}

export function Button({ title, onPress, kind = 'primary', isBusy = false }: ButtonProps) {
  const theme = useTheme();
  const color = kind === 'primary' ? theme.onAccent : kind === 'danger' ? theme.danger : theme.accent;
  const look =
    kind === 'primary'
      ? { backgroundColor: theme.accent, borderColor: theme.accent }
      : { backgroundColor: theme.card, borderColor: theme.edge };
  return (
    <Pressable
      role="button"
      aria-busy={isBusy}
      disabled={isBusy}
      onPress={onPress}
      style={({ pressed }) => [styles.button, look, pressed && styles.pressed]}
    >
      {isBusy && <ActivityIndicator color={color} />}
      <Text style={[styles.title, { color }]}>{title}</Text>
    </Pressable>
  );
}

const styles = StyleSheet.create({
  button: {
    minHeight: 48,
    paddingHorizontal: 18,
    paddingVertical: 10,
    borderRadius: 12,
    borderWidth: 1,
    flexDirection: 'row',
    gap: 10,
    alignItems: 'center',
    justifyContent: 'center',
  },
  pressed: { opacity: 0.75 },
  title: { fontSize: 16, fontWeight: '600', textAlign: 'center' },
});
