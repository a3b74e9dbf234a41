import * as v from 'valibot';
import type { Launch } from '../../domain/model/launch.ts';
import type { MessageOf } from '../../domain/model/messages.ts';
import { launchEntries } from './launch.ts';

const SCHEMA = 'latchkey.launches/1';

export const launchesSchema = () =>
  v.object({ schema: v.literal(SCHEMA), launches: v.array(v.object(launchEntries())) });

/** Most bytes of launches in one message: in base64 they fit into the 64 KB that a queue takes. */
const MAX_BYTES = 44_000;

/** As few bodies as can be. */
export function launchesBodies({ launches }: MessageOf<'launches'>) {
  const packed: Launch[][] = [];
  let bytes = Infinity;
  for (const launch of launches) {
    const more = Buffer.byteLength(JSON.stringify(launch)) + 1;
    if (bytes + more > MAX_BYTES) {
      packed.push([]);
      bytes = 0;
    }
    packed.at(-1)!.push(launch);
    bytes += more;
  }
  return packed.map((some) => ({ schema: SCHEMA, launches: some }));
}
