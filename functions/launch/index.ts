import { entry } from '../entry.ts';
import { makeHandler } from './handler.ts';

export const { initialize, handler } = entry(makeHandler);
