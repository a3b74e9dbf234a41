import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';

/** Debian's and others' places; `CHROMIUM` names another one. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** undefined where there is none: tests in a browser are then skipped. */
export const CHROMIUM = [process.env['CHROMIUM'] ?? '', ...PLACES].find(
  (path) => path !== '' && existsSync(path),
);

if (CHROMIUM === undefined) {
  console.warn('No chromium is installed: what is tested in a browser is skipped');
}

/** @throws {Error} where there is no chromium */
export async function launchBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('Cannot start a browser: no chromium is installed');
  const { chromium } = await import('playwright-core');
  // Its sandbox needs what containers do not give; nothing but our own pages is opened.
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}
