/** `2026-11-18T11:06:45.922+08:00`, in seconds or finer, with any zone. */
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
/** `20190409T121826.922+0800`, CloudMonitor's form: https://help.aliyun.com/document_detail/102937.html */
const COMPACT = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\.\d{1,9})?([+-]\d{2}):?(\d{2})$/;

/**
 * Milliseconds since the epoch; undefined for any other form, such as `…179PRC` of `aliyunpublishtime`. Not
 * more precise than the text, which is often rounded down to the second.
 */
export function eventTimeMs(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const iso = ISO.test(text) ? text : fromCompact(text);
  const ms = iso === undefined ? Number.NaN : Date.parse(iso);
  return Number.isNaN(ms) ? undefined : ms;
}

function fromCompact(text: string): string | undefined {
  const parts = COMPACT.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', zoneHour, zoneMinute] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zoneHour}:${zoneMinute}`;
}
