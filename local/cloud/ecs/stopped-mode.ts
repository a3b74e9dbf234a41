import { refuse } from './errors.ts';
import { STOPPED_MODES, type StoppedMode } from './model/instance.ts';

/**
 * Reads `StoppedMode`. The default is KeepCharging: the economical mode as a default is a setting of an
 * account, and this account does not have it.
 */
export function stoppedModeOf(given: string | undefined): StoppedMode {
  if (given === undefined || given === '') return 'KeepCharging';
  return STOPPED_MODES.find((mode) => mode === given) ?? refuse('InvalidParameter', 'StoppedMode');
}
