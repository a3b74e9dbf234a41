import type { ColumnCondition, Comparator, Condition } from './model.ts';
import { boolField, bytesField, messageField, textField, uintField } from './protobuf-writer.ts';
import { valueBytes } from './values.ts';

/** The numbers come from tablestore.proto and tablestore_filter.proto in the public `tablestore` package. */
const ROW = { ignore: 0, exists: 1, absent: 2 } as const;
const FILTER = { single: 1, composite: 2 } as const;
const COMBINATOR = { and: 2, or: 3 } as const;
const COMPARATOR: Readonly<Record<Comparator, number>> = { '=': 1, '!=': 2, '<': 5 };

/** The fields of message `Condition`. */
export function conditionFields({ row, column }: Condition): Buffer[] {
  const existence = uintField(1, ROW[row]);
  return column === undefined ? [existence] : [existence, messageField(2, filterFields(column))];
}

/** The fields of message `Filter`: its type, then the bytes of a message of that type. */
function filterFields(condition: ColumnCondition): Buffer[] {
  switch (condition.kind) {
    case 'compare': {
      const single = [
        uintField(1, COMPARATOR[condition.comparator]),
        textField(2, condition.column),
        bytesField(3, valueBytes(condition.value)),
        boolField(4, !condition.passIfMissing),
        // The latest version only. Our tables keep no others.
        boolField(5, true),
      ];
      return [uintField(1, FILTER.single), messageField(2, single)];
    }
    case 'and':
    case 'or': {
      const composite = [
        uintField(1, COMBINATOR[condition.kind]),
        ...condition.parts.map((part) => messageField(2, filterFields(part))),
      ];
      return [uintField(1, FILTER.composite), messageField(2, composite)];
    }
  }
}
