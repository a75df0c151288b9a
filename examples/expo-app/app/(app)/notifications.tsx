/** What was told, newest first. Opening one marks it as read. */

import { router } from 'expo-router';
import { StyleSheet, View } from 'react-native';
import { markRead, type Notification, readNotifications } from '../../src/notifications/store';
import { targetOf } from '../../src/notifications/target';
import { useTheme } from '../../src/theme';
import { Button } from '../../src/ui/button';
import { Card } from '../../src/ui/card';
import { NotLoaded } from '../../src/ui/not-loaded';
import { Screen } from '../../src/ui/screen';
import { Heading, Words } from '../../src/ui/words';
import { useLoaded } from '../../src/use-loaded';

export default function Notifications() {
  const { value: notifications, hasFailed, reload } = useLoaded(readNotifications);
  const theme = useTheme();

  if (!notifications) {
    return <NotLoaded title="Notifications" hasFailed={hasFailed} reload={reload} />;
  }
  const markAndReload = (id?: string) => void markRead(id).then(reload, reload);
  const open = (notification: Notification) => {
    markAndReload(notification.id);
    const target = targetOf(notification.data);
    if (target) {
      router.push(target);
    }
  };
  return (
    <Screen>
      <Heading level={1}>Notifications</Heading>
      {notifications.length === 0 && <Words>Nothing yet.</Words>}
      {notifications.some((notification) => !notification.read) && (
        <Button title="Mark all as read" kind="plain" onPress={() => markAndReload()} />
      )}
      {notifications.map((notification) => (
        <Card key={notification.id} onPress={() => open(notification)}>
          <View style={styles.line}>
            {!notification.read && (
              <Words kind="small" style={[styles.mark, { color: theme.accent, backgroundColor: theme.tint }]}>
                New
              </Words>
            )}
            <Words kind={notification.read ? 'body' : 'strong'} style={styles.grows}>
              {notification.title}
            </Words>
          </View>
          <Words kind="small">{notification.body}</Words>
          <Words kind="small">{new Date(notification.created_at).toLocaleString()}</Words>
        </Card>
      ))}
    </Screen>
  );
}

const styles = StyleSheet.create({
  line: { flexDirection: 'row', alignItems: 'center', gap: 8 },
  mark: { paddingHorizontal: 8, borderRadius: 8, overflow: 'hidden', fontWeight: '600' },
  grows: { flexShrink: 1 },
});
