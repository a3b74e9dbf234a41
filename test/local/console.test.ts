import { join } from 'node:path';
import { describe, test } from 'vitest';
import type { WireRequest } from '../../local/http/wire.ts';
import { consolePages } from '../../local/console.ts';
import { SECRET_TEXT } from '../models/http-event.ts';

const pages = consolePages({
  folder: join(import.meta.dirname, '../../console'),
  // Nothing listens on this port.
  attachUrl: () => 'http://127.0.0.1:9',
  webhookSecret: SECRET_TEXT,
});

function asked(path: string, method = 'GET'): WireRequest {
  const [bare = '', query = ''] = path.split('?');
  return { method, path: bare, query, headers: {}, body: Buffer.of(), sourceIp: '127.0.0.1' };
}

describe('the console page of the local cloud', () => {
  test('has every file that it names, and loads nothing from another host', async ({ expect }) => {
    const page = (await pages(asked('/console/')))!;
    expect(page.status).toBe(200);
    expect(page.headers?.['content-security-policy']).toContain("default-src 'none'");
    const names = [...page.body.toString().matchAll(/(?:src|href)="\.\/([^"]+)"/g)];
    expect(names.length).toBeGreaterThan(1);
    for (const [, name] of names)
      expect((await pages(asked(`/console/${name}`)))!.status).toBe(200);
    expect(await pages(asked('/console'))).toMatchObject({ status: 308 });
  });

  test('serves no other file, and forwards only GET requests of the page', async ({ expect }) => {
    for (const path of ['../package.json', 'main.ts', '.env', 'a/b.js', 'nosuch.js', 'api/x']) {
      expect((await pages(asked(`/console/${path}`)))!.status, path).toBe(404);
    }
    const id = `ro-${'a'.repeat(26)}`;
    for (const path of [`rollouts/${id}/abort`, 'rollouts/../stop', 'openapi.json']) {
      expect((await pages(asked(`/console/api/${path}`)))!.status, path).toBe(404);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD']) {
      expect((await pages(asked('/console/api/stop', method)))!.status).toBe(405);
    }
  });

  test('answers 502 when Latchkey does not answer, and leaves other paths to others', async ({
    expect,
  }) => {
    expect(await pages(asked('/console/api/rollouts?limit=5'))).toMatchObject({ status: 502 });
    expect(pages(asked('/chat'))).toBeUndefined();
    expect(pages(asked('/consoles'))).toBeUndefined();
  });
});
