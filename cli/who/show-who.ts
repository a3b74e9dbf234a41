import type { Colour } from '../show/paint.ts';
import { count, plain } from '../show/text.ts';
import { cutTable, type View } from '../show/view.ts';
import type { Holder, Who } from './who.ts';

const HEADER = ['INSTANCE', 'NAME', 'ZONE', 'STATUS', 'BOUND TO', 'EFFECTIVE', 'WHY'];
const COLOURS: Readonly<Record<Holder['effective'], Colour>> = {
  yes: 'green',
  no: 'dim',
  unknown: 'yellow',
};

export function showWho(who: Who, view: View): string[] {
  const { paint } = view;
  const rowOf = (holder: Holder) => {
    const cells = cellsOf(holder);
    const at = HEADER.indexOf('EFFECTIVE');
    return cells.with(at, paint(COLOURS[holder.effective], cells[at]!));
  };
  const underWay = `${count(who.underWay, 'instance')} in rollouts under way: ask again when they are done`;
  const notes = [
    ...(who.more ? ['the list is incomplete: there are more instances'] : []),
    ...(who.underWay === 0 ? [] : [underWay]),
  ];
  return [
    ...(who.holders.length === 0 ? [] : [...cutTable(HEADER, who.holders, rowOf, view), '']),
    ...notes.map((note) => `${paint('yellow', '!')} ${note}`),
    summaryOf(who),
  ];
}

function summaryOf({ keyPairName, fingerprint, holders }: Who): string {
  const which = `key pair ${plain(keyPairName)} (${fingerprint ?? 'not in the region'})`;
  if (holders.length === 0) return `${which} is bound to no instance`;
  const bound = holders.filter(({ boundTo }) => boundTo === keyPairName).length;
  const left = holders.length - bound;
  const howMany = (effective: Holder['effective']) =>
    `${effective} ${holders.filter((one) => one.effective === effective).length}`;
  const old =
    left === 0 ? '' : `, and works, or may work, on ${left} that got another key pair since`;
  const how = `effective: ${howMany('yes')}, ${howMany('no')}, ${howMany('unknown')}`;
  return `${which} is bound to ${count(bound, 'instance')}${old}; ${how}`;
}

function cellsOf(holder: Holder): string[] {
  const { instanceId, name, zoneId, status, boundTo, effective, why } = holder;
  return [instanceId, name, zoneId, status, boundTo ?? 'none', effective, why].map(plain);
}

/**
 * RFC 4180. An apostrophe precedes a cell that a spreadsheet would take for a formula
 * (https://owasp.org/www-community/attacks/CSV_Injection), because names are free text.
 */
export function csvOf({ holders }: Who): string {
  const lines = [HEADER, ...holders.map(cellsOf)].map((cells) => cells.map(csvCell).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
