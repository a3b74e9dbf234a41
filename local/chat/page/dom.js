/**
 * Makes an element. Text goes in as text, never as markup.
 *
 * @param {string} name
 * @param {Record<string, string | boolean | ((event: Event) => void) | undefined>} properties `on…` adds a
 *   listener; other names set attributes; false and undefined are left out
 * @param {...(Node | string | undefined)} children
 */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === 'function') made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, '');
    else if (value !== false && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** @param {string} id */
export function byId(id) {
  return document.getElementById(id);
}
