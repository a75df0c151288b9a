/** In the place of what is not there yet, or could not be read. */

import { ActivityIndicator } from 'react-native';
import { useTheme } from '../theme';
import { Button } from './button';
import { Screen } from './screen';
import { Heading, Words } from './words';

export function NotLoaded({ title, hasFailed, reload }: { title: string; hasFailed: boolean; reload: () => void }) {
  const theme = useTheme();
  return (
    <Screen>
      <Heading level={1}>{title}</Heading>
      {hasFailed ? (
        <>
          <Words kind="error">This could not be loaded. Is there a connection?</Words>
          <Button title="Try again" onPress={reload} />
        </>
      ) : (
        <ActivityIndicator aria-label="Loading" color={theme.accent} />
      )}
    </Screen>
  );
}
