import { LatchkeyError } from '../model/errors.ts';
import type { Ecs } from '../model/ports.ts';
import type { Refusal } from './probe.ts';

/** Why this function may not restart instances. So a missing permission is found before the first wave. */
export async function restartRefusals(ecs: Pick<Ecs, 'rehearse'>): Promise<Refusal[]> {
  const refusals = await Promise.all(
    (['reboot', 'start'] as const).map(async (how) => {
      try {
        await ecs.rehearse(how);
        return [];
      } catch (error) {
        if (!(error instanceof LatchkeyError)) throw error;
        return [{ vendorCode: error.details.vendorCode ?? '', message: error.message }];
      }
    }),
  );
  return refusals.flat();
}
