import type { SecretNames } from '../secrets.ts';
import { whyNoJwtKeys } from './jwt-keys.ts';

/**
 * Has each key of a set looked at, where there is time: a function would show one that is no key only to
 * whoever opens the console.
 */
export function wholeKeySets({ keySets = [], ...names }: SecretNames): SecretNames {
  return { ...names, keySets: keySets.map(({ name }) => ({ name, whyNone: whyNoJwtKeys })) };
}
