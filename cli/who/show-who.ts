import { noPaint, type Colour, type Paint } from '../show/paint.ts';
import { firstRows } from '../show/first-rows.ts';
import { table } from '../show/table.ts';
import { count, plain } from '../show/text.ts';
import type { Holder, Who } from './who.ts';

const HEADER = ['INSTANCE', 'NAME', 'ZONE', 'STATUS', 'BOUND TO', 'EFFECTIVE', 'WHY'];
const COLOURS: Readonly<Record<Holder['effective'], Colour>> = {
  yes: 'green',
  no: 'dim',
  unknown: 'yellow',
};

export function showWho(
  who: Who,
  { paint = noPaint, all }: { readonly paint?: Paint; readonly all: boolean },
): string[] {
  const { holders } = who;
  const { shown, rest } = firstRows(holders, all);
  const rows = shown.map(cellsOf).map((cells, at) => {
    const { effective } = shown[at]!;
    return cells.map((cell, column) =>
      column === HEADER.indexOf('EFFECTIVE') ? paint(COLOURS[effective], cell) : cell,
    );
  });
  return [
    ...(rows.length === 0 ? [] : [...table(HEADER, rows, paint), ...rest, '']),
    ...(who.more ? [`${paint('yellow', '!')} there are more: this list is not whole`] : []),
    ...underWayOf(who, paint),
    summaryOf(who),
  ];
}

function summaryOf({ keyPairName, fingerprint, holders }: Who): string {
  const name = plain(keyPairName);
  const which = fingerprint === null ? `${name} (not in the region)` : `${name} (${fingerprint})`;
  const bound = holders.filter(({ boundTo }) => boundTo === keyPairName).length;
  const left = holders.length - bound;
  const logsIn = (effective: Holder['effective']) =>
    holders.filter((one) => one.effective === effective).length;
  const old = left === 0 ? '' : `, and logs in, or may, to ${left} bound to another since`;
  const how = `effective: yes ${logsIn('yes')}, no ${logsIn('no')}, unknown ${logsIn('unknown')}`;
  if (holders.length === 0) return `key pair ${which} is bound to no instance`;
  return `key pair ${which} is bound to ${count(bound, 'instance')}${old}; ${how}`;
}

function underWayOf({ underWay }: Who, paint: Paint): string[] {
  if (underWay === 0) return [];
  const text = `${count(underWay, 'instance')} in rollouts under way: ask again when they are done`;
  return [`${paint('yellow', '!')} ${text}`];
}

function cellsOf(holder: Holder): string[] {
  const { instanceId, name, zoneId, status, boundTo, effective, why } = holder;
  return [instanceId, name, zoneId, status, boundTo ?? 'none', effective, why].map(plain);
}

/**
 * RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe before it
 * (https://owasp.org/www-community/attacks/CSV_Injection): names are whatever somebody typed.
 */
export function csvOf({ holders }: Who): string {
  const lines = [HEADER, ...holders.map(cellsOf)].map((cells) => cells.map(csvCell).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
