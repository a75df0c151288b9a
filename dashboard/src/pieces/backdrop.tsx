// What lies between a dialog and the page, which then can be neither clicked nor reached by keyboard.

import { useEffect } from 'react';

export function Backdrop({ onClick }: { onClick?: () => void }) {
  useEffect(() => {
    const page = document.getElementById('root');
    page?.setAttribute('inert', '');
    return () => page?.removeAttribute('inert');
  }, []);
  return <div className="dialog-backdrop" onClick={onClick} />;
}
