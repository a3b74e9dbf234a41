import type { KeyObject } from 'node:crypto';

/** `authConfig` of an HTTP trigger, read. */
export interface JwtConfig {
  readonly keys: readonly JwtKey[];
  /** Where the token can be. The first that is present counts. */
  readonly lookup: readonly TokenPlace[];
  readonly claims: readonly ClaimHeader[];
  readonly paths: GuardedPaths;
}

export interface JwtKey {
  /** '' for the one key that may have no `kid`. */
  readonly kid: string;
  readonly alg: string;
  readonly key: KeyObject;
}

export type TokenPlace =
  | {
      readonly kind: 'header';
      /** In lower case. */
      readonly name: string;
      /** Removed from the value. It includes the blank at its end. */
      readonly prefix: string;
    }
  | { readonly kind: 'cookie'; readonly name: string };

export interface ClaimHeader {
  readonly claim: string;
  /** In lower case. */
  readonly header: string;
}

/**
 * Which paths need a token: a pattern is a whole path, or one with `*` at its end.
 * https://github.com/devsapp/fc3/blob/master/docs/zh/yaml.md
 */
export type GuardedPaths =
  | { readonly kind: 'every' }
  | { readonly kind: 'every-but'; readonly patterns: readonly string[] }
  | { readonly kind: 'only'; readonly patterns: readonly string[] };
