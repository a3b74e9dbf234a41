import { virtualClock, type VirtualClock } from '../../../../local/cloud/kernel/clock.ts';
import { createKernel, type Kernel } from '../../../../local/cloud/kernel/kernel.ts';
import { serve } from '../../../../local/cloud/kernel/serve.ts';
import { listen } from '../../../../local/http/listen.ts';
import { settingsWith } from '../../../../local/cloud/kernel/settings.ts';
import { NO_SPOIL } from '../../../../local/cloud/kernel/faults.ts';
import type { WireReply } from '../../../../local/http/wire.ts';
import { createTablestore, type Tablestore } from '../../../../local/cloud/tablestore/index.ts';
import { keptSockets } from '../../../../shared/outbound/sockets.ts';
import { TABLES } from '../../../../shared/outbound/store/tables.ts';
import {
  type TablestoreClient,
  tablestoreClient,
  type TablestoreOptions,
} from '../../../../shared/outbound/tablestore/client.ts';

export interface Bench {
  readonly kernel: Kernel;
  readonly clock: VirtualClock;
  readonly store: Tablestore;
  readonly client: TablestoreClient;
  clientWith(options: Partial<TablestoreOptions>): TablestoreClient;
  /** A client whose answers pass through `spoil`. */
  spoiled(spoil: (answer: WireReply) => WireReply): TablestoreClient;
}

/** The emulated Tablestore behind a real port, with our tables in it. */
export async function withTablestore(use: (bench: Bench) => Promise<void>): Promise<void> {
  const clock = virtualClock(Date.UTC(2026, 10, 24));
  const kernel = createKernel({ settings: settingsWith({}), clock });
  const store = createTablestore(kernel);
  for (const table of TABLES) store.createTable(table);
  const { port, close } = await serve(kernel, store.service, 0);
  let spoil: (answer: WireReply) => WireReply = (answer) => answer;
  const spoiling = await listen(0, async (request) =>
    spoil(await store.service.handle(request, NO_SPOIL)),
  );
  const { accessKeyId, accessKeySecret } = kernel.settings;
  const clientWith = (options: Partial<TablestoreOptions>) =>
    tablestoreClient({
      endpoint: `http://127.0.0.1:${port}`,
      instanceName: 'latchkey',
      credentials: async () => ({ accessKeyId, accessKeySecret }),
      sockets: keptSockets(),
      log: () => {},
      pause: async () => {},
      ...options,
    });
  try {
    await use({
      kernel,
      clock,
      store,
      client: clientWith({}),
      clientWith,
      spoiled: (how) => {
        spoil = how;
        return clientWith({ endpoint: `http://127.0.0.1:${spoiling.port}` });
      },
    });
  } finally {
    await Promise.all([close(), spoiling.close()]);
  }
}
