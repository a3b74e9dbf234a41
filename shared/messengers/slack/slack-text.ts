const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Something in angle brackets, or one of Slack's three entities. Slack escapes both in what people type. */
const ESCAPED = /<([^<>]{1,3000})>|&(?:amp|lt|gt);/g;
const LEADING_MENTIONS = /^\s*(?:<@[A-Z0-9]+(?:\|[^<>]*)?>\s*)+/;

/**
 * The text that somebody typed, before Slack changed it: links become their shown text, mentions become words, and
 * entities become characters again. Mentions before the command are removed.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function typedText(text: string): string {
  return text
    .replace(LEADING_MENTIONS, '')
    .replaceAll(ESCAPED, (whole, inner: string | undefined) =>
      inner === undefined ? ENTITIES[whole]! : typedOf(inner),
    )
    .trim();
}

function typedOf(inner: string): string {
  const bar = inner.indexOf('|');
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? '' : undone(inner.slice(bar + 1));
  const mark = target.slice(0, 1);
  if (mark === '@' || mark === '#') return `${mark}${label === '' ? target.slice(1) : label}`;
  if (label !== '') return label;
  return mark === '!' ? `@${target.slice(1)}` : undone(target.replace(/^mailto:/, ''));
}

function undone(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]!);
}
