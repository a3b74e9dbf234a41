import type { CloudClock } from '../../kernel/clock.ts';
import { invalid, OtsError } from '../errors.ts';
import {
  DEFAULT_DEVIATION_SECONDS,
  MAX_PRIMARY_KEY_COLUMNS,
  MAX_TABLES,
  MIN_TIME_TO_LIVE_SECONDS,
} from '../limits.ts';
import { checkColumnName, checkTableName } from './names.ts';
import { type KeyColumn, Table, type TableSettings } from './table.ts';

export interface TableSpec {
  readonly name: string;
  readonly primaryKey: readonly KeyColumn[];
  /** At least 86,400 (a day), or -1 for never. */
  readonly timeToLiveSeconds: number;
}

/** The tables of the one emulated instance. Any instance name in a request means this one. */
export class Tables {
  readonly #tables = new Map<string, Table>();
  readonly #clock: CloudClock;

  constructor(clock: CloudClock) {
    this.#clock = clock;
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  has(name: string): boolean {
    return this.#tables.has(name);
  }

  names(): string[] {
    return [...this.#tables.keys()].toSorted();
  }

  /** @throws {OtsError} when the table does not exist */
  get(name: string): Table {
    checkTableName(name);
    const table = this.#tables.get(name);
    if (table === undefined) {
      throw new OtsError('OTSObjectNotExist', 'Requested table does not exist.');
    }
    return table;
  }

  /** @throws {OtsError} when the table exists, or its specification is invalid */
  create(spec: TableSpec, more: Partial<TableSettings> = {}): Table {
    const { name, primaryKey, timeToLiveSeconds } = spec;
    checkTableName(name);
    if (primaryKey.length < 1 || primaryKey.length > MAX_PRIMARY_KEY_COLUMNS) {
      throw invalid(
        `The number of primary key columns must be in range: [1, ${MAX_PRIMARY_KEY_COLUMNS}].`,
      );
    }
    const seen = new Set<string>();
    for (const column of primaryKey) {
      checkColumnName(column.name);
      if (seen.has(column.name)) throw invalid(`Duplicated primary key name: '${column.name}'.`);
      seen.add(column.name);
    }
    const settings: TableSettings = {
      timeToLiveSeconds,
      deviationSeconds: DEFAULT_DEVIATION_SECONDS,
      allowUpdate: true,
      ...more,
    };
    checkSettings(settings);
    if (this.#tables.has(name)) {
      throw new OtsError('OTSObjectAlreadyExist', 'Requested table already exists.');
    }
    if (this.#tables.size >= MAX_TABLES) {
      throw new OtsError('OTSQuotaExhausted', 'Number of tables exceeded the quota.');
    }
    const table = new Table(name, primaryKey, settings, this.nowMs());
    this.#tables.set(name, table);
    return table;
  }

  delete(name: string): void {
    this.#tables.delete(this.get(name).name);
  }
}

/** @throws {OtsError} for a time to live or a deviation out of range */
export function checkSettings({ timeToLiveSeconds, deviationSeconds }: TableSettings): void {
  if (timeToLiveSeconds < -1 || timeToLiveSeconds === 0) {
    throw invalid('TimeToLive cannot be 0 or less than -1.');
  }
  if (timeToLiveSeconds !== -1 && timeToLiveSeconds < MIN_TIME_TO_LIVE_SECONDS) {
    // The minimum is documented, the text of the error is not.
    throw invalid(`TimeToLive cannot be less than ${MIN_TIME_TO_LIVE_SECONDS}.`);
  }
  if (deviationSeconds < 1) throw invalid('The maximum deviation must be positive.');
}
