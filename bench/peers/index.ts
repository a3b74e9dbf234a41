import { cliLoop } from './cli-loop.ts';
import { oos } from './oos.ts';
import type { Peer } from './stage.ts';
import { terraform } from './terraform.ts';

/** The tools that people use today. */
export const PEERS = { terraform, oos, cliLoop } as const satisfies Readonly<Record<string, Peer>>;

export type PeerName = keyof typeof PEERS;
export const PEER_NAMES = Object.keys(PEERS) as readonly PeerName[];
