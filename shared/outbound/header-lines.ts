/** The headers with this prefix, as SMQ and Tablestore sign them: sorted, one a line. */
export function headerLines(headers: Readonly<Record<string, string>>, prefix: string): string {
  return Object.keys(headers)
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) => `${name}:${headers[name]}\n`)
    .join('');
}
