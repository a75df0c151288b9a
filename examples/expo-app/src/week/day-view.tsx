/** One day of a week: training, food, recovery. */

import type { Day } from '@mesocycle/client';
import { StyleSheet, View } from 'react-native';
import { Card } from '../ui/card';
import { Heading, Words } from '../ui/words';

export function DayView({ name, day }: { name: string; day: Day }) {
  const { workout, nutrition, recovery } = day;
  return (
    <>
      <Heading>
        {name}: {workout.focus.join(', ') || 'Rest'}
      </Heading>
      {workout.blocks.map((block, index) => (
        <Card key={index}>
          <Heading level={3}>{block.name}</Heading>
          {block.items.map((item, place) => (
            <View key={place} style={styles.line}>
              <Words style={styles.grows}>{item.exercise}</Words>
              <View style={styles.dose}>
                <Words kind="strong">
                  {item.sets} × {item.reps}
                </Words>
                {item.sets > 1 && <Words kind="small">{item.RIR} in reserve</Words>}
              </View>
            </View>
          ))}
        </Card>
      ))}
      {workout.notes !== '' && <Words kind="quiet">{workout.notes}</Words>}
      <Card>
        <Heading level={3}>Food</Heading>
        <Words kind="small">
          {nutrition.total_kcal} kcal · {nutrition.protein_g} g protein · {nutrition.hydration_l} l water
        </Words>
        {nutrition.meals.map((meal, index) => (
          <View key={index}>
            <Words kind="strong">{meal.name}</Words>
            <Words>{meal.items.map((item) => `${item.food} (${item.qty})`).join(', ')}</Words>
          </View>
        ))}
      </Card>
      <Card>
        <Heading level={3}>Recovery</Heading>
        {[...recovery.mobility, ...recovery.sleep, ...recovery.supplements].map((line, index) => (
          <Words key={index}>{line}</Words>
        ))}
      </Card>
      {day.reason !== '' && <Words kind="small">{day.reason}</Words>}
    </>
  );
}

const styles = StyleSheet.create({
  line: { flexDirection: 'row', gap: 12, justifyContent: 'space-between' },
  grows: { flexShrink: 1 },
  dose: { alignItems: 'flex-end', flexShrink: 0 },
});
