import type { InstanceState } from '../../shared/domain/workflow/instance-state.ts';
import type { Colour } from './paint.ts';

export const STATE_COLOURS: Readonly<Record<InstanceState, Colour | undefined>> = {
  ready: 'green',
  attached: 'green',
  restarting: 'cyan',
  'to restart': undefined,
  waiting: undefined,
  failed: 'red',
  unknown: 'yellow',
  'not restarted': 'dim',
  skipped: 'dim',
};
