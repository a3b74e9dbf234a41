import type { ColumnCondition, Comparator, Condition } from './model.ts';
import { boolField, bytesField, textField, uintField } from './protobuf-writer.ts';
import { valueBytes } from './values.ts';

/** Numbers of the public tablestore.proto and tablestore_filter.proto of the `tablestore` package. */
const ROW = { ignore: 0, exists: 1, absent: 2 } as const;
const FILTER = { single: 1, composite: 2 } as const;
const COMBINATOR = { not: 1, and: 2, or: 3 } as const;
const COMPARATOR: Readonly<Record<Comparator, number>> = {
  '=': 1,
  '!=': 2,
  '>': 3,
  '>=': 4,
  '<': 5,
  '<=': 6,
};

/** The fields of message `Condition`. */
export function conditionFields({ row, column }: Condition): Buffer[] {
  const existence = uintField(1, ROW[row]);
  return column === undefined
    ? [existence]
    : [existence, bytesField(2, Buffer.concat(filterFields(column)))];
}

/** The fields of message `Filter`: the type, and the message of that type in bytes. */
function filterFields(condition: ColumnCondition): Buffer[] {
  switch (condition.kind) {
    case 'compare': {
      const single = [
        uintField(1, COMPARATOR[condition.comparator]),
        textField(2, condition.column),
        bytesField(3, valueBytes(condition.value)),
        boolField(4, !condition.passIfMissing),
        // Tables of ours have one version only.
        boolField(5, true),
      ];
      return [uintField(1, FILTER.single), bytesField(2, Buffer.concat(single))];
    }
    case 'and':
    case 'or':
      return composite(COMBINATOR[condition.kind], condition.parts);
    case 'not':
      return composite(COMBINATOR.not, [condition.part]);
  }
}

function composite(combinator: number, parts: readonly ColumnCondition[]): Buffer[] {
  const fields = [
    uintField(1, combinator),
    ...parts.map((part) => bytesField(2, Buffer.concat(filterFields(part)))),
  ];
  return [uintField(1, FILTER.composite), bytesField(2, Buffer.concat(fields))];
}
