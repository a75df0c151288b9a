/** A question over the screen that wants an answer. Unlike `Alert`, it works on the web too. */

import { Modal, StyleSheet, View } from 'react-native';
import { useTheme } from '../theme';
import { Button } from './button';
import { Heading, Words } from './words';

interface DialogProps {
  title: string;
  text: string;
  confirm: string;
  isBusy?: boolean;
  onConfirm: () => void;
  onDismiss: () => void;
}

export function Dialog({ title, text, confirm, isBusy = false, onConfirm, onDismiss }: DialogProps) {
  const theme = useTheme();
  return (
    <Modal transparent visible animationType="none" aria-label={title} onRequestClose={onDismiss}>
      <View style={styles.shade}>
        <View style={[styles.box, { backgroundColor: theme.card }]}>
          <Heading>{title}</Heading>
          <Words>{text}</Words>
          <Button title={confirm} isBusy={isBusy} onPress={onConfirm} />
          <Button title="Not now" kind="plain" onPress={onDismiss} />
        </View>
      </View>
    </Modal>
  );
}

const styles = StyleSheet.create({
  shade: {
    flex: 1,
    justifyContent: 'center',
    alignItems: 'center',
    padding: 24,
    backgroundColor: 'rgba(0, 0, 0, 0.55)',
  },
  box: { width: '100%', maxWidth: 420, borderRadius: 18, padding: 20, gap: 14 },
});
