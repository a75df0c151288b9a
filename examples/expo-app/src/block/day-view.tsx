/** One day of a block: its exercises, each with what to do. */

import { useState } from 'react';
import { StyleSheet, View } from 'react-native';
import { Card } from '../ui/card';
import { Heading, Words } from '../ui/words';
import { nameOf, spokenDate, type Weekday } from '../week/weekday';
import type { Entry } from './store';

export function BlockDayView({ weekday, entries }: { weekday: Weekday; entries: Entry[] }) {
  const first = entries[0];
  if (!first) {
    return <Heading>{nameOf(weekday)}: Rest</Heading>;
  }
  return (
    <>
      <Heading>
        {nameOf(weekday)}: {first.day_name}
      </Heading>
      <Words kind="quiet">{spokenDate(first.date)}. Tap an exercise to see how it is done.</Words>
      {entries.map((entry) => (
        <EntryCard key={entry.id} entry={entry} />
      ))}
    </>
  );
}

/** Pressed, it shows how the exercise is done. */
function EntryCard({ entry }: { entry: Entry }) {
  const [isOpen, setIsOpen] = useState(false);
  const name = entry.exercise?.name ?? 'Exercise';
  const dose = [entry.sets && `${entry.sets} ×`, entry.reps ?? entry.time].filter(Boolean).join(' ');
  const instructions = entry.exercise?.instructions;
  return (
    <Card {...(instructions && { onPress: () => setIsOpen(!isOpen), isExpanded: isOpen })}>
      <View style={styles.line}>
        <Words kind="strong" style={styles.grows}>
          {name}
        </Words>
        <Words kind="strong" style={styles.dose}>
          {dose}
        </Words>
      </View>
      {[entry.weight, entry.notes].filter(Boolean).map((line) => (
        <Words key={line} kind="small">
          {line}
        </Words>
      ))}
      {isOpen && <Words>{instructions}</Words>}
    </Card>
  );
}

const styles = StyleSheet.create({
  line: { flexDirection: 'row', gap: 12, justifyContent: 'space-between' },
  grows: { flexShrink: 1 },
  dose: { flexShrink: 0 },
});
