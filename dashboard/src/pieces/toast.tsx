// Short news about what was done, spoken to screen readers too.

import { Toast } from 'radix-ui';
import { useSyncExternalStore } from 'react';
import './toast.css';

interface Note {
  id: number;
  text: string;
  kind: 'good' | 'bad';
}

let notes: Note[] = [];
let last = 0;
const listeners = new Set<() => void>();

function become(next: Note[]) {
  notes = next;
  for (const listener of listeners) listener();
}

export function toast(text: string, kind: Note['kind'] = 'good') {
  last += 1;
  become([...notes.slice(-3), { id: last, text, kind }]);
}

function listen(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const shown = useSyncExternalStore(listen, () => notes);
  return (
    <Toast.Provider label="News" swipeDirection="right">
      {shown.map((note) => (
        <Toast.Root
          key={note.id}
          className={`toast toast-${note.kind}`}
          duration={note.kind === 'bad' ? 12_000 : 5_000}
          onOpenChange={(open) => open || become(notes.filter((other) => other.id !== note.id))}
        >
          <Toast.Description>{note.text}</Toast.Description>
          <Toast.Close className="copy" aria-label="Close">
            <span aria-hidden="true">×</span>
          </Toast.Close>
        </Toast.Root>
      ))}
      <Toast.Viewport className="toasts" />
    </Toast.Provider>
  );
}
