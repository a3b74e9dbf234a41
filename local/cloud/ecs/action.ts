import type { Spoil } from '../kernel/faults.ts';
import type { EcsCloud } from './cloud.ts';
import { refuse } from './errors.ts';
import { readParameters, type Table, type Values } from './requests/parameters.ts';

/** What an action answers; the service adds the request id. */
export type Answer = Readonly<Record<string, unknown>>;

/** One API action. */
export interface Action {
  readonly name: string;
  /** ActionTrail records Write calls only. */
  readonly access: 'Read' | 'Write';
  /**
   * Reads the parameters and carries out the action.
   *
   * @param scalars is filled with the parameters in their own types, as far as they could be read
   * @throws {EcsError} when the call is refused; nothing is changed then
   */
  readonly perform: (
    cloud: EcsCloud,
    given: ReadonlyMap<string, string>,
    spoil: Spoil,
    scalars: Map<string, string | number | boolean>,
  ) => Answer;
}

export function defineAction<const T extends Table>(definition: {
  readonly name: string;
  readonly access: 'Read' | 'Write';
  readonly parameters: T;
  readonly run: (cloud: EcsCloud, values: Values<T>, spoil: Spoil) => Answer;
}): Action {
  const { name, access, parameters, run } = definition;
  return {
    name,
    access,
    perform: (cloud, given, spoil, scalars) => {
      const values = readParameters(parameters, given, scalars);
      const regionId = scalars.get('RegionId');
      if (regionId !== undefined && regionId !== cloud.kernel.settings.regionId) {
        refuse('InvalidRegionId.NotFound');
      }
      return run(cloud, values, spoil);
    },
  };
}
