import type { TablestoreClient } from '../../shared/outbound/tablestore/client.ts';
import type { RowWrite } from '../../shared/outbound/tablestore/model.ts';
import { exact, type Section } from './golden.ts';

/** A client that also writes down every row that is written through it. */
export function recordedWrites(client: TablestoreClient) {
  let lines: string[] = [];
  const sections: Section[] = [];
  const note = (table: string, write: RowWrite) => {
    lines.push(`${write.kind} ${table}`, ...linesOf(write));
  };
  return {
    sections,
    client: {
      ...client,
      writeRow: (table, write) => {
        note(table, write);
        return client.writeRow(table, write);
      },
      batchWriteRow: (table, writes) => {
        for (const write of writes) note(table, write);
        return client.batchWriteRow(table, writes);
      },
    } satisfies TablestoreClient,
    /** What is written meanwhile is a section of its own. */
    async during<T>(title: string, act: () => Promise<T>): Promise<T> {
      lines = [];
      const done = await act();
      sections.push([title, lines]);
      return done;
    },
  };
}

function linesOf(write: RowWrite): string[] {
  const columns = write.kind === 'delete' ? [] : write.columns;
  return [
    ...write.key.map(([name, value]) => `  key ${name} ${exact(value)}`),
    `  if ${JSON.stringify(write.condition)}`,
    ...[...columns].map(([name, value]) => `  column ${name} ${exact(value)}`),
  ];
}
