/** A labelled text field. */

import { StyleSheet, TextInput, type TextInputProps, View } from 'react-native';
import { useTheme } from '../theme';
import { Words } from './words';

interface FieldProps extends TextInputProps {
  label: string;
  hint?: string;
}

export function Field({ label, hint, multiline, ...rest }: FieldProps) {
  const theme = useTheme();
  const look = { color: theme.text, backgroundColor: theme.card, borderColor: theme.edge };
  return (
    <View style={styles.group}>
      <Words kind="strong">{label}</Words>
      <TextInput
        aria-label={label}
        multiline={multiline}
        placeholderTextColor={theme.quiet}
        style={[styles.input, look, multiline && styles.tall]}
        {...rest}
      />
      {hint && <Words kind="small">{hint}</Words>}
    </View>
  );
}

const styles = StyleSheet.create({
  group: { gap: 6 },
  input: { minHeight: 48, borderWidth: 1, borderRadius: 12, paddingHorizontal: 14, paddingVertical: 10, fontSize: 16 },
  tall: { minHeight: 150, textAlignVertical: 'top' },
});
