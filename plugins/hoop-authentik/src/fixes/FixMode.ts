import { createContext } from 'react';

/**
 * Where a template opens: in a dialog on the same page, or on its own page. The dialog takes the form fields of the new
 * frontend system; apps of the old one have no way to list theirs.
 *
 * @internal
 */
export const FixMode = createContext<'dialog' | 'page'>('page');
