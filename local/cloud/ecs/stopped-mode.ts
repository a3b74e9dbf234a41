import { refuse } from './errors.ts';
import { STOPPED_MODES, type StoppedMode } from './model/instance.ts';

/**
 * What `StoppedMode` asks for. KeepCharging when it is absent: that the economical mode is on by default is
 * a setting of an account, which this one does not have.
 */
export function stoppedModeOf(given: string | undefined): StoppedMode {
  if (given === undefined || given === '') return 'KeepCharging';
  return STOPPED_MODES.find((mode) => mode === given) ?? refuse('InvalidParameter', 'StoppedMode');
}
