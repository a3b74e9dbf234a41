import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';

/** Where distributions install it. The variable `CHROMIUM` names another path. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** undefined when no browser is installed; browser tests are skipped then. */
export const CHROMIUM = [process.env['CHROMIUM'] ?? '', ...PLACES].find(
  (path) => path !== '' && existsSync(path),
);

if (CHROMIUM === undefined) {
  console.warn('No chromium is installed: browser tests are skipped');
}

/** @throws {Error} when no chromium is installed */
export async function launchBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('Cannot start a browser: no chromium is installed');
  const { chromium } = await import('playwright-core');
  // The sandbox does not work in containers. Only our own pages are opened.
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}
