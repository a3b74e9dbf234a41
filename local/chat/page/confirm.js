import { byId } from './dom.js';

/**
 * Asks for confirmation in a modal dialog.
 *
 * @returns {Promise<boolean>} true for yes; false for no, and when Escape closed the dialog
 */
export function askFirst({ title, text, yes, no, isDanger }) {
  const dialog = byId('confirm');
  byId('confirm-title').textContent = title;
  byId('confirm-text').textContent = text;
  byId('confirm-no').textContent = no;
  byId('confirm-yes').textContent = yes;
  byId('confirm-yes').dataset.style = isDanger ? 'danger' : 'primary';
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}
