import { launchBodies } from '../../shared/contract/messages/launch.ts';
import { entry } from '../entry.ts';
import { makeHandler } from './handler.ts';

export const { initialize, handler } = entry(makeHandler, launchBodies);
