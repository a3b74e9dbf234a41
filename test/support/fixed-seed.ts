import { configureGlobal } from 'fast-check';

/**
 * Properties draw the same cases in every run, so that a new failure is due to a change in the code. For
 * other cases: `PROPERTY_SEED=<integer> npm test`.
 */
const FIXED_SEED = 20;

const given = process.env['PROPERTY_SEED'] ?? '';
if (!/^(?:-?\d+)?$/.test(given)) {
  throw new RangeError(`Cannot draw from PROPERTY_SEED "${given}": not an integer`);
}
configureGlobal({ seed: given === '' ? FIXED_SEED : Number(given) });
