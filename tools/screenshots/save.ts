import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Pictures are kept in the repository, so they must be small: our own choice. */
const MAX_BYTES = 150_000;

/** Saves a picture of a page under a name. @throws {Error} when the picture is too large */
export type Save = (page: Page, name: string) => Promise<void>;

export function saveTo(folder: string): Save {
  return async (page, name) => {
    const path = join(folder, `${name}.png`);
    // Nothing is animated and all fonts are loaded, so no wait is needed.
    await page.screenshot({ path });
    const { size } = statSync(path);
    console.log(`${path}  ${(size / 1_000).toFixed(1)} kB`);
    if (size > MAX_BYTES)
      throw new Error(`Cannot keep "${path}": it is larger than ${MAX_BYTES} bytes`);
  };
}
