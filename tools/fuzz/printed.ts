type Write = typeof process.stdout.write;

/** Collects what is printed to standard output while `run` lasts. */
export async function printedDuring<T>(run: () => Promise<T>): Promise<[T, string]> {
  const write = process.stdout.write;
  const texts: string[] = [];
  process.stdout.write = ((chunk: string | Uint8Array) => {
    texts.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    return true;
  }) as Write;
  try {
    return [await run(), texts.join('')];
  } finally {
    process.stdout.write = write;
  }
}
