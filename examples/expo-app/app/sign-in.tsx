/** Signs in: without an account at first, or with e-mail and password. */

import { useState } from 'react';
import { supabase } from '../src/supabase';
import { Button } from '../src/ui/button';
import { Field } from '../src/ui/field';
import { Screen } from '../src/ui/screen';
import { Heading, Words } from '../src/ui/words';

type Way = 'anonymous' | 'signIn' | 'signUp';

export default function SignIn() {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState<Way>();
  const [error, setError] = useState<string>();

  // The layout opens the app as soon as there is a session.
  const enter = async (way: Way) => {
    setBusy(way);
    setError(undefined);
    const answer =
      way === 'anonymous'
        ? await supabase.auth.signInAnonymously()
        : way === 'signIn'
          ? await supabase.auth.signInWithPassword({ email: email.trim(), password })
          : await supabase.auth.signUp({ email: email.trim(), password });
    setBusy(undefined);
    if (answer.error) {
      setError(answer.error.message);
    } else if (!answer.data.session) {
      setError('Please open the link in the e-mail that we sent you, then sign in.');
    }
  };

  return (
    <Screen>
      <Heading level={1}>Training plans, made for you</Heading>
      <Words kind="quiet">A week with food and recovery, or eight weeks of training.</Words>
      <Button title="Start without an account" isBusy={busy === 'anonymous'} onPress={() => void enter('anonymous')} />
      <Heading>Or with an account</Heading>
      <Field
        label="E-mail"
        value={email}
        onChangeText={setEmail}
        autoCapitalize="none"
        autoComplete="email"
        keyboardType="email-address"
      />
      <Field
        label="Password"
        value={password}
        onChangeText={setPassword}
        autoComplete="current-password"
        secureTextEntry
      />
      {error && <Words kind="error">{error}</Words>}
      <Button title="Sign in" isBusy={busy === 'signIn'} onPress={() => void enter('signIn')} />
      <Button title="Create an account" kind="plain" isBusy={busy === 'signUp'} onPress={() => void enter('signUp')} />
    </Screen>
  );
}
