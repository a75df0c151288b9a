// Athletes to start from.

interface Example<T> {
  name: string;
  profile: T;
}

export const WEEKLY: readonly Example<Record<string, unknown>>[] = [
  {
    // As examples/athlete.json.
    name: 'Asha, muscle, 4 days',
    profile: {
      name: 'Asha',
      goal: 'MUSCLE_GAIN',
      trainingDays: 4,
      trainingLevel: 'Intermediate',
      sessionLength: 60,
      equipment: ['Gym'],
      age: 31,
      sex: 'Female',
      height: 168,
      weight: 64,
      goalWeight: 67,
      activityLevel: 'Moderately Active',
      preferredWorkoutSplit: 'Upper/Lower',
      trainingStylePreferences: ['Strength', 'Hypertrophy'],
      workoutIntensityLevel: 7,
      preferredTrainingTime: 'Morning',
      avoidExercises: ['burpees', 'barbell back squat'],
      injuries: 'old knee pain on stairs',
      dietaryPrefs: ['Eggitarian'],
      dietaryNotes: "Peanut allergy. I don't like mushrooms.",
      mealCount: 4,
      fastingWindow: 'none',
      budgetConstraints: 'moderate',
      supplements: ['Vitamin D'],
      stepTarget: 8000,
      wakeTime: '06:30',
      sleepTime: '22:45',
      caffeineFrequency: '2 cups a day',
      alcoholFrequency: 'rarely',
      stressBaseline: 'moderate',
      sleepQualityBaseline: 'good',
      travelDays: ['Wednesday'],
      personalGoals: ['First unassisted pull-up'],
      timezone: 'Asia/Kolkata',
    },
  },
  {
    name: 'Jonas, fat loss at home, 3 days',
    profile: {
      goal: 'WEIGHT_LOSS',
      trainingDays: 3,
      trainingLevel: 'Beginner',
      sessionLength: 30,
      equipment: ['Dumbbells', 'Resistance Bands'],
      age: 45,
      sex: 'Male',
      height: 181,
      weight: 98,
      goalWeight: 88,
      activityLevel: 'Sedentary',
      dietaryPrefs: ['Non-veg'],
      mealCount: 3,
      timezone: 'Europe/Berlin',
    },
  },
  {
    name: 'Lucía, runner, 5 days, vegan',
    profile: {
      goal: 'ENDURANCE',
      trainingDays: 5,
      trainingLevel: 'Professional',
      sessionLength: 75,
      equipment: ['Gym'],
      age: 27,
      sex: 'Female',
      height: 163,
      weight: 55,
      activityLevel: 'Very Active',
      dietaryPrefs: ['Vegan'],
      timezone: 'Europe/Madrid',
    },
  },
];

export const WORKOUT: readonly Example<string>[] = [
  { name: 'Muscle, gym (en)', profile: 'Build muscle, 3 days a week, 45 minutes, full gym, dumbbells at home. No injuries.' },
  {
    name: 'Zu Hause, Knie (de)',
    profile: 'Ich möchte zu Hause mit Kurzhanteln trainieren, zweimal die Woche, 30 Minuten. Mein linkes Knie tut manchmal weh.',
  },
  { name: 'Perdre du poids (fr)', profile: 'Je veux perdre du poids, 4 jours par semaine, 40 minutes, salle de sport. Débutante, 35 ans.' },
  { name: 'Fuerza (es)', profile: 'Quiero ganar fuerza, 4 días por semana, 60 minutos, gimnasio completo. Sin lesiones.' },
];
