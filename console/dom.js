/**
 * Makes an element with attributes and children. Strings become text nodes, so the name of an instance, a note
 * or an error is never parsed as markup.
 *
 * @param {string} name
 * @param {Record<string, string | boolean | undefined | ((event: Event) => void)>} [attributes] `on…` adds a
 * listener, `true` sets an attribute without a value, `false` and undefined set nothing
 * @param {...(Node | string)} children
 */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, '');
    else if (typeof value === 'string') element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

const drawn = new WeakMap();

/**
 * Replaces the children of `parent`. It changes nothing when they would look the same, so that the page does not
 * flicker. The focused element and open `details` are found again by their ids.
 */
export function show(parent, ...children) {
  const text = el('div', {}, ...children).innerHTML;
  if (drawn.get(parent) === text) return;
  drawn.set(parent, text);
  const focused = document.activeElement?.id ?? '';
  const open = [...parent.querySelectorAll('details[open] > summary')].map(({ id }) => id);
  parent.replaceChildren(...children);
  for (const id of open) document.getElementById(id)?.parentElement?.setAttribute('open', '');
  if (focused !== '') document.getElementById(focused)?.focus({ preventScroll: true });
}
