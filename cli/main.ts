import { latchkey } from './latchkey.ts';
import { realIo } from './real-io.ts';

/** Runs the command line in this process. */
export async function main(args: readonly string[], projectFolder: string): Promise<void> {
  // The reader of a pipe, such as `head`, may close it early.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  process.exitCode = await latchkey(args, realIo(projectFolder));
}
