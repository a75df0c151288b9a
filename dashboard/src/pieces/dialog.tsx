// A dialog with a form or a text in it.

import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Backdrop } from './backdrop';
import './dialog.css';

interface Shown {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
}

export function Dialog({ open, onOpenChange, title, children }: Shown) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Backdrop onClick={() => onOpenChange(false)} />
        <Radix.Content className="dialog" aria-describedby={undefined}>
          <Radix.Title>{title}</Radix.Title>
          {children}
          <Radix.Close className="copy dialog-close" aria-label="Close">
            <span aria-hidden="true">×</span>
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
