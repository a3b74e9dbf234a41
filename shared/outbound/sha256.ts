import { createHash } from 'node:crypto';
import type { Sha256 } from '../domain/model/ports.ts';

export const sha256: Sha256 = (text) => createHash('sha256').update(text, 'utf8').digest();
