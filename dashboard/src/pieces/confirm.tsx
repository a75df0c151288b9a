// Asks before something is done that others will feel.

import { AlertDialog } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import { Backdrop } from './backdrop';
import './dialog.css';

interface Confirmed {
  /** On the button that opens it. */
  label: string;
  title: string;
  /** What will happen. */
  children: ReactNode;
  /** On the button that does it. */
  confirm: string;
  danger?: boolean;
  disabled?: boolean;
  onConfirm: () => unknown;
}

export function ConfirmButton({ label, title, children, confirm, danger, disabled, onConfirm }: Confirmed) {
  const [open, setOpen] = useState(false);
  return (
    <AlertDialog.Root open={open} onOpenChange={setOpen}>
      <AlertDialog.Trigger className={danger ? 'button button-danger' : 'button'} disabled={disabled}>
        {label}
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        {/* Radix's own overlay would write styles that the page's Content-Security-Policy forbids. */}
        <Backdrop />
        <AlertDialog.Content className="dialog">
          <AlertDialog.Title>{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div>{children}</div>
          </AlertDialog.Description>
          <div className="dialog-actions">
            <AlertDialog.Cancel className="button">Go back</AlertDialog.Cancel>
            <AlertDialog.Action className={danger ? 'button button-danger' : 'button button-main'} onClick={() => void onConfirm()}>
              {confirm}
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
